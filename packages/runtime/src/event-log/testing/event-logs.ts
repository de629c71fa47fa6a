import { randomUUID } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { Kafka, logLevel } from "kafkajs";
import { expect, type TestContext, vi } from "vitest";
import { findKafka, startKafka } from "../../../../../scripts/services/kafka.mjs";
import { freePort } from "../../../../../scripts/services/ports.mjs";
import { startRedis } from "../../../../../scripts/services/redis.mjs";
import { removeStateDir, takeStateDir } from "../../../../../scripts/services/state-dir.mjs";
import { testKafkaBrokers, testRedisUrl } from "../../../../../tests/setup/test-services";
import { createLogger } from "../../logger";
import { createEventLog, type EventLogSettings } from "../create-event-log";
import type { EventLog, HandleBatch, PublishMessage, ReceivedMessage } from "../event-log";
import { redisKeys } from "../redis-keys";

/** Says nothing. */
export const logger = createLogger({ name: "contract", level: "silent" });
/** Does nothing. */
export const ignore = (): void => undefined;

/** A broker that event logs meet at. */
export interface Broker {
  settings: EventLogSettings;
  /** Puts in what no publisher of ours would: any bytes, without a key. */
  putRaw(topic: string, value: Buffer): Promise<void>;
}

interface OwnBroker extends Broker {
  process: Awaited<ReturnType<typeof startRedis>>["process"];
}

/** A kind of event log, and brokers of it. */
export interface Kind {
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

/** Redis Streams, on the Redis that all tests share. */
export const redisKind: Kind = {
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
/** All that this run has brokers for. */
export const kinds: Kind[] = [redisKind];
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
export async function open(test: TestContext, { settings }: Broker, partitions: number) {
  const log = createEventLog(settings, logger);
  test.onTestFinished(() => log.close());
  const topic = `topic-${randomUUID()}`;
  await log.ensureTopics([{ name: topic, partitions }]);
  return { log, topic, group: `group-${topic}` };
}

/** What a consumer was given, in the order it came. */
export function recorder() {
  const messages: ReceivedMessage[] = [];
  const values = (): string[] => messages.map(({ value }) => value.toString());
  const distinct = (): number => new Set(values()).size;
  const handleBatch: HandleBatch = async (batch) => {
    messages.push(...batch);
  };
  return { messages, values, distinct, handleBatch };
}

/** `count` messages, numbered, spread over `keys` keys. */
export function numbered(topic: string, count: number, keys: number): PublishMessage[] {
  return Array.from({ length: count }, (_, number) => ({ topic, key: `k${number % keys}`, value: String(number) }));
}

/** Waits until a check passes, at most `timeout` ms. */
export function until(check: () => void, timeout = 20_000): Promise<void> {
  return vi.waitFor(check, { timeout, interval: 20 });
}

/** Everything arrived, and of each key every message first came after all earlier ones. */
export function expectComplete(received: readonly ReceivedMessage[], published: readonly PublishMessage[]): void {
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
