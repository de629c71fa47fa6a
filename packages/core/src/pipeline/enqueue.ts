import { setTimeout as sleep } from "node:timers/promises";
import type { DeliveryQueue } from "@tidings/runtime/delivery-queue";
import type { FairQueue, Group, Lanes } from "@tidings/runtime/fair-queue";
import type { Logger } from "@tidings/runtime/logger";
import type { Metrics } from "@tidings/runtime/metrics";
import { groupBy } from "@tidings/shared/group-by";
import type { RoutedDelivery } from "./route";

/** The queues of one channel, and how much its workers can have in hand. */
export interface ChannelQueues {
  fair: FairQueue;
  deliveries: DeliveryQueue;
  capacity(): Promise<Lanes>;
  /** Longest sleep while nothing waits: another process may have pushed. */
  idleMs: number;
}

export interface EnqueueDeps {
  queues: ReadonlyMap<string, ChannelQueues>;
  logger: Logger;
  metrics: Metrics;
}

/** A group that its worker has not finished within this is put back: longer than an attempt may take. */
const leaseMs = 30_000;
const reclaimEveryMs = 5_000;
const capacityEveryMs = 1_000;
/** Sleep while workers have all they can take: a fraction of the time in which they finish it. */
const fullMs = 5;
const afterErrorMs = 500;

/**
 * Stage 4. Deliveries wait in their channel's fair queue and are admitted to BullMQ, in groups, as workers have room.
 * `push` is what route calls; `run` is the admission loop over all channels.
 */
export function createEnqueue({ queues, logger, metrics }: EnqueueDeps) {
  const wakers = new Map<string, () => void>();
  /** Channels that were pushed to since their last look at the fair queue began. */
  const pushed = new Set<string>();

  /** @returns how long to wait before the next look */
  async function admitOnce(
    channel: string,
    { fair, deliveries, idleMs }: ChannelQueues,
    capacity: Lanes,
  ): Promise<number> {
    if (capacity.urgent + capacity.others === 0) return idleMs; // no worker is there
    const started = performance.now();
    const { groups, isFull } = await fair.admit(capacity, leaseMs);
    if (groups.length > 0) {
      await addOrGiveBack({ fair, deliveries }, groups);
      metrics.admitted.inc(
        { channel },
        groups.reduce((sum, { entries }) => sum + entries.length, 0),
      );
      metrics.stageSeconds.observe({ stage: "enqueue" }, (performance.now() - started) / 1_000);
    }
    if (isFull) return fullMs;
    if (groups.length > 0) return 0; // look again: what was pushed meanwhile goes at once
    const { readyInMs } = await fair.outlook(capacity);
    return Math.min(idleMs, Math.max(1, readyInMs));
  }

  async function addOrGiveBack(
    { fair, deliveries }: Pick<ChannelQueues, "fair" | "deliveries">,
    groups: readonly Group[],
  ): Promise<void> {
    try {
      await deliveries.add(groups);
    } catch (error) {
      await fair.reclaim(groups.map(({ token }) => token));
      throw error;
    }
  }

  async function runChannel(channel: string, channelQueues: ChannelQueues, signal: AbortSignal): Promise<void> {
    let capacity: Lanes = { urgent: 0, others: 0 };
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
          if (back > 0) {
            metrics.swept.inc({ reason: "group_lost" }, back);
            logger.warn({ channel, deliveries: back }, "put back deliveries whose worker did not finish them");
          }
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
    const wake = () => waker.abort();
    wakers.set(channel, wake);
    signal.addEventListener("abort", wake, { once: true });
    await sleep(ms, undefined, { signal: waker.signal }).catch(() => {}); // woken early
    signal.removeEventListener("abort", wake);
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
          const pushing = fair.push(entries);
          // Woken at once: what it asks of Redis goes right behind the push.
          pushed.add(channel);
          wakers.get(channel)?.();
          await pushing;
        }),
      );
    },

    /** Admits until `signal` aborts. */
    async run(signal: AbortSignal): Promise<void> {
      await Promise.all([...queues].map(([channel, channelQueues]) => runChannel(channel, channelQueues, signal)));
    },
  };
}
