import { randomUUID } from "node:crypto";
import type { Logger } from "../logger";
import type { Redis } from "../redis";
import { createDoorbell } from "./doorbell";
import type { ConsumeOptions } from "./event-log";
import type { RedisKeys } from "./redis-keys";
import { type PartitionReader, readPartition } from "./redis-partition-reader";
import { joinScript, leaseScript, leaveScript, releaseScript } from "./redis-scripts";

/** Who has not been heard of for so long is gone: how soon another takes over after a crash. */
const leaseMs = 10_000;
const beatMs = 2_000;
/** How long a batch in hand may hold up the member that is to have its partition. */
const handOverMs = 30_000;

export interface RedisConsumerOptions extends ConsumeOptions {
  redis: Redis;
  /** A connection of its own that waits for the server to come back. */
  subscriber: Redis;
  keys: RedisKeys;
  /** 0 while there is no such topic. */
  countPartitions(topic: string): Promise<number>;
  logger: Logger;
}

/**
 * One member of a group. Members announce themselves; each works out from the list of them which partitions are its own,
 * and reads those whose lease it gets. Resolves after the first round.
 */
export async function consumeRedis(options: RedisConsumerOptions): Promise<{ stop(): Promise<void> }> {
  const { redis, subscriber, keys, group, topics, countPartitions, logger } = options;
  const member = randomUUID();
  const groupChannel = keys.groupChannel(group);
  const wake = createDoorbell();
  /** By topic channel and partition, as publishers wake them. */
  const readers = new Map<string, PartitionReader>();
  let stopping = false;

  subscriber.on("message", (channel: string, message: string) => {
    if (channel === groupChannel) wake.ring();
    else readers.get(`${channel}/${message}`)?.wake();
  });
  subscriber.on("ready", () => {
    wake.ring(); // what was said meanwhile went unheard
    for (const reader of readers.values()) reader.wake();
  });
  const subscribing = subscriber.subscribe(groupChannel, ...topics.map(keys.topicChannel)).catch((err) => {
    if (!stopping) logger.error({ err, group }, "could not subscribe, messages are read late");
  });

  async function run(): Promise<void> {
    while (!stopping || readers.size > 0) {
      await wake.wait(beatMs);
      await round();
    }
  }

  async function round(): Promise<void> {
    try {
      const own = await share();
      for (const [id, reader] of readers) if (!own.has(id)) reader.finish(handOverMs);
      const wanted = new Map<string, Pick<PartitionReader, "topic" | "partition">>([...own, ...readers]);
      await Promise.all([...wanted].map(([id, { topic, partition }]) => lease(id, topic, partition)));
    } catch (err) {
      logger.warn({ err, group }, "could not renew membership");
    }
  }

  /** Announces this member and deals all partitions out among the members; returns its own, none once it is stopping. */
  async function share() {
    const own = new Map<string, { topic: string; partition: number }>();
    if (stopping) return own;
    const members = (await joinScript(redis, [keys.members(group)], [member, leaseMs, groupChannel])) as Buffer[];
    const turn = members.findIndex((one) => one.toString() === member);
    let dealt = 0;
    for (const topic of topics) {
      const partitions = await countPartitions(topic);
      if (partitions === 0) logger.warn({ topic, group }, "there is no such topic yet");
      for (let partition = 0; partition < partitions; partition++) {
        if (dealt++ % members.length === turn)
          own.set(`${keys.topicChannel(topic)}/${partition}`, { topic, partition });
      }
    }
    return own;
  }

  /** Renews the lease of a partition that is being read, or takes it and begins to read. */
  async function lease(id: string, topic: string, partition: number): Promise<void> {
    const askedAt = performance.now();
    const isOwner = (await leaseScript(redis, [keys.lease(topic, partition, group)], [member, leaseMs])) === 1;
    const reader = readers.get(id);
    if (reader && isOwner) reader.keep(askedAt + leaseMs);
    else if (reader) reader.stop();
    else if (isOwner) open(id, topic, partition, askedAt + leaseMs);
  }

  function open(id: string, topic: string, partition: number, ownedUntil: number): void {
    const reader = readPartition({ ...options, member, topic, partition, ownedUntil });
    readers.set(id, reader);
    if (stopping) reader.stop();
    void reader.ended.then(async () => {
      readers.delete(id);
      try {
        await releaseScript(redis, [keys.lease(topic, partition, group)], [member, groupChannel]);
      } catch (err) {
        logger.warn({ err, group, topic, partition }, "could not release a partition, its lease will run out");
      }
      wake.ring();
    });
  }

  await round();
  const running = run();
  return {
    async stop() {
      stopping = true;
      for (const reader of readers.values()) reader.stop();
      wake.ring();
      await running;
      await leaveScript(redis, [keys.members(group)], [member, groupChannel]).catch((err) => {
        logger.warn({ err, group }, "could not leave the group, membership will run out");
      });
      subscriber.disconnect();
      await subscribing;
    },
  };
}
