import { setTimeout as sleep } from "node:timers/promises";
import type { DeliveryQueue } from "@tidings/runtime/delivery-queue";
import type { FairQueue } from "@tidings/runtime/fair-queue";
import type { Logger } from "@tidings/runtime/logger";
import type { Metrics } from "@tidings/runtime/metrics";
import { groupBy } from "@tidings/shared/group-by";
import type { RoutedDelivery } from "./route";

/** The queues of one channel, and how much its workers can have in hand. */
export interface ChannelQueues {
  fair: FairQueue;
  deliveries: DeliveryQueue;
  capacity(): Promise<number>;
}

export interface EnqueueDeps {
  queues: ReadonlyMap<string, ChannelQueues>;
  logger: Logger;
  metrics: Metrics;
}

/** BullMQ holds this many times what workers have in hand: enough that none idles, little enough to wait behind. */
const roomFactor = 2;
/** An admission that BullMQ has not confirmed within this is put back. */
const leaseMs = 10_000;
const reclaimEveryMs = 5_000;
const capacityEveryMs = 1_000;
/** Longest sleep while nothing waits: another consumer may have pushed, or a lease may have run out. */
const idleMs = 250;
/** Sleep while BullMQ is full: a fraction of the time it takes workers to drain it. */
const fullMs = 5;
const afterErrorMs = 500;

/**
 * Stage 4. Deliveries wait in their channel's fair queue and are admitted to BullMQ as workers have room.
 * `push` is what route calls; `run` is the admission loop over all channels.
 */
export function createEnqueue({ queues, logger, metrics }: EnqueueDeps) {
  const wakers = new Map<string, () => void>();
  /** Channels that were pushed to since their last look at the fair queue began. */
  const pushed = new Set<string>();

  async function admitOnce(channel: string, { fair, deliveries }: ChannelQueues, capacity: number): Promise<number> {
    if (capacity === 0) return idleMs; // no worker is there
    const room = capacity * roomFactor - (await deliveries.inHand());
    if (room <= 0) return fullMs;
    const started = performance.now();
    const { token, entries } = await fair.admit(room, leaseMs);
    if (entries.length > 0) {
      await deliveries.add(entries);
      await fair.confirm(token);
      metrics.admitted.inc({ channel }, entries.length);
      metrics.stageSeconds.observe({ stage: "enqueue" }, (performance.now() - started) / 1_000);
      if (entries.length < room) return 0; // look again: what was pushed meanwhile goes at once
      return fullMs;
    }
    const { readyInMs } = await fair.outlook();
    return Math.min(idleMs, Math.max(1, readyInMs));
  }

  async function runChannel(channel: string, channelQueues: ChannelQueues, signal: AbortSignal): Promise<void> {
    let capacity = 0;
    let capacityAt = Number.NEGATIVE_INFINITY;
    let reclaimAt = 0;
    while (!signal.aborted) {
      let waitMs = afterErrorMs;
      try {
        const now = performance.now();
        if (now - capacityAt >= capacityEveryMs) {
          capacity = await channelQueues.capacity();
          capacityAt = now;
        }
        if (now >= reclaimAt) {
          const back = await channelQueues.fair.reclaim();
          if (back > 0) metrics.swept.inc({ reason: "admission_lost" }, back);
          reclaimAt = now + reclaimEveryMs;
        }
        pushed.delete(channel);
        waitMs = await admitOnce(channel, channelQueues, capacity);
      } catch (err) {
        logger.error({ err, channel }, "admission failed; trying again");
      }
      const hasNews = waitMs > fullMs && pushed.has(channel);
      if (waitMs > 0 && !hasNews) await nap(channel, waitMs, signal);
    }
  }

  /** Sleeps until the time is over, something was pushed here, or the loop is to end. */
  async function nap(channel: string, ms: number, signal: AbortSignal): Promise<void> {
    const waker = new AbortController();
    wakers.set(channel, () => waker.abort());
    await sleep(ms, undefined, { signal: AbortSignal.any([waker.signal, signal]) }).catch(() => {}); // woken early
    wakers.delete(channel);
  }

  return {
    /** Queues deliveries fairly, and wakes the admission of their channels. */
    async push(deliveries: readonly RoutedDelivery[]): Promise<void> {
      const byChannel = groupBy(deliveries, (delivery) => delivery.channel);
      await Promise.all(
        [...byChannel].map(async ([channel, entries]) => {
          const fair = queues.get(channel)?.fair;
          if (!fair) throw new Error(`there is no queue for channel ${channel}`);
          await fair.push(entries);
          pushed.add(channel);
          wakers.get(channel)?.();
        }),
      );
    },

    /** Admits until `signal` aborts. */
    async run(signal: AbortSignal): Promise<void> {
      await Promise.all([...queues].map(([channel, channelQueues]) => runChannel(channel, channelQueues, signal)));
    },
  };
}
