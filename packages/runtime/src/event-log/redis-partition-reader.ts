import type { Logger } from "../logger";
import type { Redis } from "../redis";
import { backoffMs } from "./backoff";
import { createDoorbell } from "./doorbell";
import type { HandleBatch, ReceivedMessage } from "./event-log";
import type { RedisKeys } from "./redis-keys";
import { acknowledgeScript, takeScript } from "./redis-scripts";

/** Handled entries a partition keeps for replay: about 2 MB of ids. */
const keptEntries = 10_000;
/** Readers are woken by the publisher; this finds what a lost connection kept from them. */
const pollMs = 1_000;

export interface PartitionReaderOptions {
  redis: Redis;
  keys: RedisKeys;
  group: string;
  /** Holds the lease of the partition. */
  member: string;
  topic: string;
  partition: number;
  /** Until when the lease is sure to last, on `performance.now()`'s clock. */
  ownedUntil: number;
  maxBatch: number;
  handleBatch: HandleBatch;
  logger: Logger;
}

export interface PartitionReader {
  topic: string;
  partition: number;
  /** New messages have come. */
  wake(): void;
  /** The lease was renewed. */
  keep(ownedUntil: number): void;
  /** Ends after the batch in hand, which is told to stop when it takes longer than `withinMs`. */
  finish(withinMs: number): void;
  /** Tells the batch in hand to stop and ends after it. It still counts when it is completed. */
  stop(): void;
  /** When nothing is in hand any more. */
  ended: Promise<void>;
}

/** Reads one partition, batch after batch, while its lease lasts. Redis refuses every step of a reader that has lost it. */
export function readPartition(options: PartitionReaderOptions): PartitionReader {
  const { redis, keys, group, member, topic, partition, maxBatch, handleBatch, logger } = options;
  const partitionKeys = [keys.stream(topic, partition), keys.lease(topic, partition, group)];
  const news = createDoorbell();
  const pause = createDoorbell();
  const taken = new AbortController();
  let ending = false;
  let leaseTimer = setTimeout(stop, options.ownedUntil - performance.now());
  let finishTimer: NodeJS.Timeout | undefined;

  function end(): void {
    ending = true;
    news.ring();
    pause.ring();
  }

  function stop(): void {
    end();
    taken.abort();
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!ending) {
      try {
        await handleNext();
        failures = 0;
      } catch (err) {
        if (taken.signal.aborted) break;
        failures += 1;
        const pauseMs = backoffMs(failures);
        logger.error({ err, group, topic, partition, failures, pauseMs }, "batch failed and is handled again");
        await pause.wait(pauseMs);
      }
    }
    clearTimeout(leaseTimer);
    clearTimeout(finishTimer);
  }

  async function handleNext(): Promise<void> {
    const entries = (await takeScript(redis, partitionKeys, [member, group, maxBatch])) as StreamEntry[] | null;
    if (!entries) return stop();
    if (entries.length === 0) return news.wait(pollMs);
    // An entry without fields was trimmed before it was handled: there were too many.
    const messages = entries.flatMap(([id, fields]) => (fields ? [received(id, fields)] : []));
    if (messages.length > 0) await handleBatch(messages, taken.signal);
    const ids = entries.map(([id]) => id);
    const isOwner = await acknowledgeScript(redis, partitionKeys, [member, group, keptEntries, ...ids]);
    if (isOwner !== 1) stop();
  }

  function received(id: Buffer, [, key, , value]: readonly Buffer[]): ReceivedMessage {
    const offset = id.toString();
    return { topic, partition, offset, key: key?.toString() ?? "", value: value ?? Buffer.alloc(0) };
  }

  return {
    topic,
    partition,
    wake: news.ring,
    keep(ownedUntil) {
      clearTimeout(leaseTimer);
      leaseTimer = setTimeout(stop, ownedUntil - performance.now());
    },
    finish(withinMs) {
      end();
      finishTimer ??= setTimeout(stop, withinMs);
    },
    stop,
    ended: run(),
  };
}

type StreamEntry = readonly [id: Buffer, fields: readonly Buffer[] | null];
