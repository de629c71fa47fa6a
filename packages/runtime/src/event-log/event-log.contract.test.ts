import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as work } from "node:timers/promises";
import { Redis } from "ioredis";
import { Kafka, logLevel } from "kafkajs";
import { describe, expect, it, type TestContext, vi } from "vitest";
import { findKafka, startKafka } from "../../../../scripts/services/kafka.mjs";
import { freePort } from "../../../../scripts/services/ports.mjs";
import { startRedis } from "../../../../scripts/services/redis.mjs";
import { removeStateDir, takeStateDir } from "../../../../scripts/services/state-dir.mjs";
import { testKafkaBrokers, testRedisUrl } from "../../../../tests/setup/test-services";
import { createLogger } from "../logger";
import { createEventLog, type EventLogSettings } from "./create-event-log";
import type { ConsumeOptions, EventLog, HandleBatch, PublishMessage, ReceivedMessage } from "./event-log";
import { redisKeys } from "./redis-keys";

const logger = createLogger({ name: "contract", level: "silent" });
const ignore = (): void => undefined;

interface Broker {
  settings: EventLogSettings;
  /** Puts in what no publisher of ours would: any bytes, without a key. */
  putRaw(topic: string, value: Buffer): Promise<void>;
}

interface OwnBroker extends Broker {
  process: Awaited<ReturnType<typeof startRedis>>["process"];
}

interface Kind {
  kind: EventLog["kind"];
  broker: Broker;
  /** A broker of one test's own, to be killed. */
  startOwn(test: TestContext): Promise<OwnBroker>;
}

function redisBroker(redisUrl: string): Broker {
  const namespace = `contract-${randomUUID()}`;
  return {
    settings: { kind: "redis", redisUrl, namespace },
    async putRaw(topic, value) {
      const redis = new Redis(redisUrl);
      await redis.xadd(redisKeys(namespace).stream(topic, 0), "*", "k", "", "v", value);
      redis.disconnect();
    },
  };
}

function kafkaBroker(brokers: string): Broker {
  return {
    settings: { kind: "kafka", brokers: [brokers], clientId: "contract" },
    async putRaw(topic, value) {
      const producer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).producer();
      await producer.connect();
      await producer.send({ topic, messages: [{ value, partition: 0 }] });
      await producer.disconnect();
    },
  };
}

async function ownStateDir(test: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "tidings-test-"));
  const release = await takeStateDir(dir, ignore);
  test.onTestFinished(() => {
    release();
    removeStateDir(dir);
  });
  return dir;
}

const redisKind: Kind = {
  kind: "redis",
  broker: redisBroker(await testRedisUrl()),
  async startOwn(test) {
    const { url, process } = await startRedis({
      dir: await ownStateDir(test),
      port: await freePort(),
      onProgress: ignore,
    });
    test.onTestFinished(() => process.stop());
    return { ...redisBroker(url), process };
  },
};

const sharedKafka = await testKafkaBrokers(); // null when the run has said that it does without Kafka
const kinds: Kind[] = [redisKind];
if (sharedKafka !== null) {
  kinds.push({
    kind: "kafka",
    broker: kafkaBroker(sharedKafka),
    async startOwn(test) {
      const found = await findKafka();
      if ("missing" in found) throw new Error(`This test kills a Kafka of its own, but ${found.missing}.`);
      const ports = { port: await freePort(), controllerPort: await freePort() };
      const dir = await ownStateDir(test);
      const { brokers, process } = await startKafka({ dir, ...ports, java: found.java, onProgress: ignore });
      test.onTestFinished(() => process.stop());
      return { ...kafkaBroker(brokers), process };
    },
  });
}

/** An event log with one new topic, closed when the test is over. */
async function open(test: TestContext, { settings }: Broker, partitions: number) {
  const log = createEventLog(settings, logger);
  test.onTestFinished(() => log.close());
  const topic = `topic-${randomUUID()}`;
  await log.ensureTopics([{ name: topic, partitions }]);
  return { log, topic, group: `group-${topic}` };
}

/** What a consumer was given, in the order it came. */
function recorder() {
  const messages: ReceivedMessage[] = [];
  const values = (): string[] => messages.map(({ value }) => value.toString());
  const distinct = (): number => new Set(values()).size;
  const handleBatch: HandleBatch = async (batch) => {
    messages.push(...batch);
  };
  return { messages, values, distinct, handleBatch };
}

/** `count` messages, numbered, spread over `keys` keys. */
function numbered(topic: string, count: number, keys: number): PublishMessage[] {
  return Array.from({ length: count }, (_, number) => ({ topic, key: `k${number % keys}`, value: String(number) }));
}

function until(check: () => void, timeout = 20_000): Promise<void> {
  return vi.waitFor(check, { timeout, interval: 20 });
}

/** Everything arrived, and of each key every message first came after all earlier ones. */
function expectComplete(received: readonly ReceivedMessage[], published: readonly PublishMessage[]): void {
  const firsts = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const { key, value } of received) {
    const text = value.toString();
    if (seen.has(text)) continue;
    seen.add(text);
    firsts.set(key, [...(firsts.get(key) ?? []), text]);
  }
  const expected = new Map<string, string[]>();
  for (const { key, value } of published) expected.set(key, [...(expected.get(key) ?? []), value]);
  expect(Object.fromEntries(firsts)).toEqual(Object.fromEntries(expected));
}

// Those that wait for sessions to run out come first; the others pass meanwhile.
describe.concurrent.each(kinds)("event log on $kind", ({ kind, broker, startOwn }) => {
  const consumeOptions = (
    options: Pick<ConsumeOptions, "group" | "handleBatch"> & { topic: string },
  ): ConsumeOptions => ({
    ...options,
    topics: [options.topic],
    maxBatch: 50,
  });

  it("loses nothing when the broker is killed, and goes on when it is back", async (test) => {
    const own = await startOwn(test);
    const { log, topic, group } = await open(test, own, 2);
    const { messages, handleBatch } = recorder();
    await log.consume(consumeOptions({ group, topic, handleBatch }));
    const published: PublishMessage[] = [];
    const publish = async (value: string) => {
      const message = { topic, key: "k", value };
      await log.publish([message]);
      published.push(message);
    };
    for (let number = 0; number < 50; number++) await publish(`before-${number}`);
    const pid = own.process.pid();
    own.process.kill("SIGKILL");
    await until(() => expect(own.process.pid()).not.toBe(pid));
    for (let number = 0; number < 50; ) {
      await publish(`after-${number}`).then(
        () => number++,
        () => new Promise((resolve) => setImmediate(resolve)),
      );
    }
    await until(() => expect(messages.at(-1)?.value.toString()).toBe("after-49"));
    expectComplete(messages, published);
  }, 60_000);

  it("refuses in bounded time while the broker is away, and works again without being restarted", async (test) => {
    const own = await startOwn(test);
    const { log, topic, group } = await open(test, own, 2);
    const { messages, handleBatch } = recorder();
    const consumer = await log.consume(consumeOptions({ group, topic, handleBatch }));
    await own.process.stop();
    const startedAt = performance.now();
    const refusals = await Promise.allSettled([
      log.ping(),
      consumer.lag(),
      ...Array.from({ length: 30 }, () => log.publish(numbered(topic, 1_000, 10))),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual(refusals.map(() => "rejected"));
    expect(performance.now() - startedAt).toBeLessThan(13_000);
    await own.process.start();
    await vi.waitFor(() => log.ping(), { timeout: 10_000 });
    await vi.waitFor(() => log.publish([{ topic, key: "k", value: "back" }]), { timeout: 10_000 });
    await until(() => expect(messages.at(-1)?.value.toString()).toBe("back"));
  }, 60_000);

  it("loses nothing when a consumer is killed with a batch in hand", async (test) => {
    const { log, topic, group } = await open(test, broker, 2);
    const published = numbered(topic, 100, 10);
    await log.publish(published);
    const script = `
      import { createEventLog } from "./create-event-log.ts";
      import { createLogger } from "../logger.ts";
      const log = createEventLog(${JSON.stringify(broker.settings)}, createLogger({ name: "victim", level: "silent" }));
      await log.consume({ group: ${JSON.stringify(group)}, topics: [${JSON.stringify(topic)}], maxBatch: 50, async handleBatch(batch) {
        console.log(batch.length);
        await new Promise(() => {});
      } });`;
    const victim = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "pipe", "inherit"],
    });
    test.onTestFinished(() => void victim.kill("SIGKILL"));
    await once(createInterface(victim.stdout), "line");
    victim.kill("SIGKILL");
    await once(victim, "exit");
    const { messages, distinct, handleBatch } = recorder();
    await log.consume(consumeOptions({ group, topic, handleBatch }));
    await until(() => expect(distinct()).toBe(100), 25_000);
    expectComplete(messages, published);
  }, 40_000);

  it("keeps the order of each key, in batches of one partition", async (test) => {
    const { log, topic, group } = await open(test, broker, 4);
    const published = numbered(topic, 2_000, 60);
    const { messages, distinct, handleBatch } = recorder();
    const batches: ReceivedMessage[][] = [];
    await log.consume(
      consumeOptions({
        group,
        topic,
        async handleBatch(batch, signal) {
          batches.push([...batch]);
          await handleBatch(batch, signal);
        },
      }),
    );
    const calls = [];
    for (let from = 0; from < published.length; from += 40) calls.push(log.publish(published.slice(from, from + 40)));
    await Promise.all(calls);
    await until(() => expect(distinct()).toBe(published.length));
    expectComplete(messages, published);
    expect(new Set(messages.map(({ partition }) => partition)).size).toBe(4);
    for (const batch of batches) {
      expect(batch.length).toBeLessThanOrEqual(50);
      expect(new Set(batch.map(({ partition }) => partition)).size).toBe(1);
    }
  });

  it("gives every group every message, also those published before it existed", async (test) => {
    const { log, topic } = await open(test, broker, 2);
    const published = numbered(topic, 20, 5);
    await log.publish(published);
    const groups = [recorder(), recorder()];
    await Promise.all(
      groups.map(({ handleBatch }) => log.consume(consumeOptions({ group: randomUUID(), topic, handleBatch }))),
    );
    await until(() => {
      for (const { messages } of groups) expect(messages).toHaveLength(20);
    });
    for (const { messages } of groups) expectComplete(messages, published);
  });

  it("counts what a group has not committed", async (test) => {
    const { log, topic, group } = await open(test, broker, 2);
    let release = ignore;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const consumer = await log.consume(consumeOptions({ group, topic, handleBatch: () => held }));
    expect(await consumer.lag()).toEqual({ [topic]: 0 });
    await log.publish(numbered(topic, 30, 5));
    expect(await consumer.lag()).toEqual({ [topic]: 30 });
    expect(await log.lag({ group, topics: [topic] })).toEqual({ [topic]: 30 });
    expect(await log.lag({ group: `never-${group}`, topics: [topic] })).toEqual({ [topic]: 30 });
    release();
    await vi.waitFor(async () => expect(await consumer.lag()).toEqual({ [topic]: 0 }), { timeout: 10_000 });
  });

  it("commits what was handled and goes on behind it", async (test) => {
    const { log, topic, group } = await open(test, broker, 2);
    const first = recorder();
    const consumer = await log.consume(consumeOptions({ group, topic, handleBatch: first.handleBatch }));
    await log.publish(numbered(topic, 10, 5));
    await until(() => expect(first.messages).toHaveLength(10));
    await consumer.stop();
    await log.publish([{ topic, key: "k0", value: "later" }]);
    const second = recorder();
    await log.consume(consumeOptions({ group, topic, handleBatch: second.handleBatch }));
    await until(() => expect(second.values()).toEqual(["later"]));
  });

  it("finishes and commits the batch in hand when it is stopped", async (test) => {
    const { log, topic, group } = await open(test, broker, 1);
    let isHeld = false;
    const consumer = await log.consume(
      consumeOptions({
        group,
        topic,
        handleBatch(_batch, signal) {
          isHeld = true;
          return once(signal, "abort").then(ignore);
        },
      }),
    );
    await log.publish([{ topic, key: "k", value: "held" }]);
    await until(() => expect(isHeld).toBe(true));
    await consumer.stop();
    await log.publish([{ topic, key: "k", value: "next" }]);
    const { values, handleBatch } = recorder();
    await log.consume(consumeOptions({ group, topic, handleBatch }));
    await until(() => expect(values()).toEqual(["next"]));
  });

  it("replays from an offset", async (test) => {
    const { log, topic, group } = await open(test, broker, 1);
    const first = recorder();
    const consumer = await log.consume(consumeOptions({ group, topic, handleBatch: first.handleBatch }));
    await log.publish(numbered(topic, 100, 1));
    await until(() => expect(first.messages).toHaveLength(100));
    await consumer.stop();
    const offset = first.messages[60]?.offset ?? "";
    await log.rewind({ group, topic, partition: 0, offset });
    const second = recorder();
    const replaying = await log.consume(consumeOptions({ group, topic, handleBatch: second.handleBatch }));
    await until(() => expect(second.messages).toHaveLength(40));
    expect(second.values()).toEqual(first.values().slice(60));
    await vi.waitFor(async () => expect(await replaying.lag()).toEqual({ [topic]: 0 }), { timeout: 10_000 });
  });

  it("refuses to rewind a group that is running", async (test) => {
    const { log, topic, group } = await open(test, broker, 1);
    const { handleBatch } = recorder();
    await log.consume(consumeOptions({ group, topic, handleBatch }));
    await log.publish(numbered(topic, 1, 1));
    await expect(log.rewind({ group, topic, partition: 0, offset: kind === "kafka" ? "0" : "0-1" })).rejects.toThrow(
      /running/,
    );
  });

  it("hands over what can't be read as it is, and goes on", async (test) => {
    const { log, topic, group } = await open(test, broker, 1);
    const poison = Buffer.from([0x00, 0xff, 0xfe, 0x0a, 0x0d, 0x80, 0xc3, 0x28, 0x22]);
    const { messages, handleBatch } = recorder();
    await log.consume(consumeOptions({ group, topic, handleBatch }));
    await log.publish([{ topic, key: "k", value: "before" }]);
    await broker.putRaw(topic, poison);
    await log.publish([{ topic, key: "k", value: "after" }]);
    await until(() => expect(messages).toHaveLength(3));
    expect(messages.map(({ value }) => value)).toEqual([Buffer.from("before"), poison, Buffer.from("after")]);
    expect(messages[1]).toMatchObject({ topic, partition: 0, key: "", offset: expect.stringMatching(/^\d+(-\d+)?$/) });
  });

  it("hands a batch over again when handling it failed, with nothing of its partition passing by", async (test) => {
    const { log, topic, group } = await open(test, broker, 4);
    const published = numbered(topic, 200, 20);
    const { messages, distinct, handleBatch } = recorder();
    let failures = 0;
    const unlucky = new Map<number, readonly ReceivedMessage[]>();
    await log.publish(published);
    await log.consume(
      consumeOptions({
        group,
        topic,
        async handleBatch(batch, signal) {
          const partition = batch[0]?.partition ?? -1;
          if (failures < 3) {
            failures += 1;
            unlucky.set(partition, batch);
            throw new Error("not this time");
          }
          const failed = unlucky.get(partition);
          unlucky.delete(partition);
          if (failed) expect(batch[0]?.offset).toBe(failed[0]?.offset);
          await handleBatch(batch, signal);
        },
      }),
    );
    await until(() => expect(distinct()).toBe(200));
    expect(failures).toBe(3);
    expectComplete(messages, published);
  });

  it("loses nothing while consumers join and leave under load", async (test) => {
    const { log, topic, group } = await open(test, broker, 4);
    const all: ReceivedMessage[] = [];
    const inHand = new Set<number>();
    let overlaps = 0;
    const start = async () => {
      const own: ReceivedMessage[] = [];
      const consumer = await log.consume(
        consumeOptions({
          group,
          topic,
          async handleBatch(batch) {
            const partition = batch[0]?.partition ?? -1;
            if (inHand.has(partition)) overlaps += 1;
            inHand.add(partition);
            await work(50);
            all.push(...batch);
            own.push(...batch);
            inHand.delete(partition);
          },
        }),
      );
      return { own, stop: () => consumer.stop() };
    };
    const published: PublishMessage[] = [];
    let isOver = false;
    const publishing = (async () => {
      while (!isOver) {
        const batch = numbered(topic, 20, 20).map((one) => ({ ...one, value: `${published.length}-${one.value}` }));
        published.push(...batch);
        await log.publish(batch);
        await work(20);
      }
    })();
    const first = await start();
    await until(() => expect(first.own.length).toBeGreaterThan(100));
    const second = await start();
    await until(() => expect(second.own.length).toBeGreaterThan(100));
    const third = await start();
    await until(() => expect(third.own.length).toBeGreaterThan(100));
    await first.stop();
    await second.stop();
    isOver = true;
    await publishing;
    await until(() => expect(new Set(all.map(({ value }) => value.toString())).size).toBe(published.length));
    expectComplete(all, published);
    expect(overlaps).toBe(0);
  }, 60_000);

  it("makes topics once, whoever asks, and adds partitions to them", async (test) => {
    const topic = `topic-${randomUUID()}`;
    const logs = Array.from({ length: 4 }, () => createEventLog(broker.settings, logger));
    for (const log of logs) test.onTestFinished(() => log.close());
    await Promise.all(logs.map((log) => log.ensureTopics([{ name: topic, partitions: 2 }])));
    await Promise.all(logs.map((log) => log.ensureTopics([{ name: topic, partitions: 6 }])));
    await Promise.all(logs.map((log) => log.ensureTopics([{ name: topic, partitions: 3 }])));
    const { messages, distinct, handleBatch } = recorder();
    await logs[0]?.consume(consumeOptions({ group: topic, topic, handleBatch }));
    await logs[1]?.publish(numbered(topic, 300, 100));
    await until(() => expect(distinct()).toBe(300));
    expect(new Set(messages.map(({ partition }) => partition)).size).toBe(6);
  });
});

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
