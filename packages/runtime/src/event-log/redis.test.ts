import { Redis } from "ioredis";
import { describe, expect, it, vi } from "vitest";
import { redisKeys } from "./redis-keys";
import { type Broker, numbered, open, recorder, redisKind, until } from "./testing/event-logs";

describe("event log on Redis Streams", () => {
  it("goes on when Redis has lost everything under a running consumer", async (test) => {
    const own = await redisKind.startOwn(test);
    const { log, topic, group } = await open(test, own, 2);
    const { values, handleBatch } = recorder();
    await log.consume({ group, topics: [topic], maxBatch: 50, handleBatch });
    await log.publish([{ topic, key: "k", value: "before" }]);
    await until(() => expect(values()).toEqual(["before"]));
    await withRedis(own, (redis) => redis.flushall());
    await log.publish([{ topic, key: "k", value: "after" }]);
    await until(() => expect(values()).toEqual(["before", "after"]));
  });

  it("keeps what any group has not handled, and of the rest the last ten thousand entries of a partition", async (test) => {
    const { log, topic } = await open(test, redisKind.broker, 1);
    const consume = async (group: string) => {
      const { messages, handleBatch } = recorder();
      return { messages, consumer: await log.consume({ group, topics: [topic], maxBatch: 500, handleBatch }) };
    };
    const { settings } = redisKind.broker;
    const stream = redisKeys(settings.kind === "redis" ? settings.namespace : "").stream(topic, 0);
    const length = () => withRedis(redisKind.broker, (redis) => redis.xlen(stream));

    const slow = await consume("slow");
    await log.publish(numbered(topic, 1, 1));
    await until(() => expect(slow.messages).toHaveLength(1));
    await slow.consumer.stop();
    await log.publish(numbered(topic, 14_000, 1));
    const fast = await consume("fast");
    await until(() => expect(fast.messages).toHaveLength(14_001));
    expect(await length()).toBeGreaterThanOrEqual(14_000);

    const resumed = await consume("slow");
    await until(() => expect(resumed.messages).toHaveLength(14_000));
    await vi.waitFor(async () => expect(await length()).toBeLessThan(10_200));
    expect(await length()).toBeGreaterThanOrEqual(10_000);
    expect(await resumed.consumer.lag()).toEqual({ [topic]: 0 });
  });
});

async function withRedis<Result>({ settings }: Broker, ask: (redis: Redis) => Promise<Result>): Promise<Result> {
  const redis = new Redis(settings.kind === "redis" ? settings.redisUrl : "");
  try {
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}
