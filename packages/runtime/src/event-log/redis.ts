import { crc32 } from "node:zlib";
import { groupBy } from "@tidings/shared/group-by";
import { Redis } from "ioredis";
import type { Logger } from "../logger";
import { connectRedis } from "../redis";
import type { EventConsumer, EventLog, PublishMessage } from "./event-log";
import { createPublisher } from "./publisher";
import { consumeRedis } from "./redis-consumer";
import { redisKeys } from "./redis-keys";
import { appendScript, lagScript, partitionsScript, rewindScript } from "./redis-scripts";

export interface RedisEventLogOptions {
  redisUrl: string;
  /** Begins the name of every key. */
  namespace: string;
  logger: Logger;
}

/** Most entries of a partition, handled or not: about 200 MB of ids. What is older is dropped, and published again by the sweeper. */
const mostEntries = 1_000_000;
const countForMs = 10_000;

/**
 * The event log on Redis Streams: a topic is a number of streams, each read by one member of a group at a time.
 * As durable as Redis is: with `appendfsync everysec`, a crash of its machine may cost the last second.
 * Adding partitions to a topic moves keys to other partitions, as it does in Kafka.
 */
export function createRedisEventLog({ redisUrl, namespace, logger }: RedisEventLogOptions): EventLog {
  const keys = redisKeys(namespace);
  const onError = (err: Error) => logger.warn({ err }, "event log: no connection to Redis");
  // Waits for a server that restarts, but no command takes longer than some five seconds.
  const redis = new Redis(redisUrl, {
    maxRetriesPerRequest: 10,
    commandTimeout: 5_000,
    retryStrategy: (times) => Math.min(times * 100, 1_000),
  });
  redis.on("error", onError);
  const publisher = createPublisher({ send, isDataError: (error) => error instanceof UnknownTopic });
  const consumers = new Set<EventConsumer>();
  const counts = new Map<string, { partitions: number; at: number }>();

  /** Asks now and then, since others may add some; tells a server that has lost its data. */
  async function countPartitions(topic: string, atLeast = 0): Promise<number> {
    const known = counts.get(topic);
    if (known && known.partitions >= atLeast && performance.now() - known.at < countForMs) return known.partitions;
    const wanted = Math.max(atLeast, known?.partitions ?? 0);
    const partitions = Number(await partitionsScript(redis, [keys.topics], [topic, wanted]));
    if (partitions > 0) counts.set(topic, { partitions, at: performance.now() });
    return partitions;
  }

  async function send(topic: string, messages: readonly PublishMessage[]): Promise<void> {
    const partitions = await countPartitions(topic);
    if (partitions === 0) throw new UnknownTopic(`there is no topic ${topic}`);
    const byPartition = groupBy(messages, ({ key }) => crc32(key) % partitions);
    const channel = keys.topicChannel(topic);
    await Promise.all(
      [...byPartition].map(([partition, appended]) =>
        appendScript(
          redis,
          [keys.stream(topic, partition)],
          [channel, partition, mostEntries, ...appended.flatMap(({ key, value }) => [key, value])],
        ),
      ),
    );
  }

  async function measureLag(group: string, topics: readonly string[]): Promise<Record<string, number>> {
    const lags: Record<string, number> = {};
    for (const topic of topics) {
      const streams = Array.from({ length: await countPartitions(topic) }, (_, index) => keys.stream(topic, index));
      const waiting = await Promise.all(streams.map((stream) => lagScript(redis, [stream], [group])));
      lags[topic] = waiting.reduce<number>((sum, entries) => sum + Number(entries), 0);
    }
    return lags;
  }

  return {
    kind: "redis",
    publish: publisher.publish,

    async ensureTopics(topics) {
      await Promise.all(topics.map(({ name, partitions }) => countPartitions(name, partitions)));
    },

    async consume(options) {
      const subscriber = connectRedis(redisUrl, onError);
      const consumer = await consumeRedis({ ...options, redis, subscriber, keys, countPartitions, logger });
      const running: EventConsumer = {
        lag: () => measureLag(options.group, options.topics),
        async stop() {
          consumers.delete(running);
          await consumer.stop();
        },
      };
      consumers.add(running);
      return running;
    },

    async rewind({ group, topic, partition, offset }) {
      const position = [keys.stream(topic, partition), keys.lease(topic, partition, group)];
      const isDone = await rewindScript(redis, position, [group, idBefore(offset), offset]);
      if (isDone !== 1) throw new Error(`group ${group} is running: stop its consumers before it is rewound`);
    },

    lag: ({ group, topics }) => measureLag(group, topics),

    async ping() {
      await redis.ping();
    },

    async close() {
      await Promise.all([...consumers].map((consumer) => consumer.stop()));
      await publisher.drain();
      redis.disconnect();
    },
  };
}

class UnknownTopic extends Error {
  override readonly name = "UnknownTopic";
}

/** The greatest stream id below one: a group begins behind an id, a replay with one. */
function idBefore(offset: string): string {
  const [, time, sequence] = /^(\d+)-(\d+)$/.exec(offset) ?? [];
  if (time === undefined || sequence === undefined) throw new RangeError(`not a stream id: ${offset}`);
  if (BigInt(sequence) > 0n) return `${time}-${BigInt(sequence) - 1n}`;
  return BigInt(time) > 0n ? `${BigInt(time) - 1n}-${2n ** 64n - 1n}` : "0-0";
}
