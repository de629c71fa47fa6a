import { setTimeout as sleep } from "node:timers/promises";
import { type Admin, Kafka, type logCreator, logLevel, Partitioners } from "kafkajs";
import type { Logger } from "../logger";
import { backoffMs } from "./backoff";
import type { EventConsumer, EventLog, PublishMessage } from "./event-log";
import { consumeKafka } from "./kafka-consumer";
import { createKafkaLink } from "./kafka-link";
import { createPublisher } from "./publisher";

export interface KafkaEventLogOptions {
  /** `host:port` of some brokers of the cluster. */
  brokers: readonly string[];
  /** Names this process in the brokers' logs and metrics. */
  clientId: string;
  logger: Logger;
}

const publishWithinMs = 10_000;
const askWithinMs = 5_000;
const requestTimeoutMs = 5_000;
const ensureWithinMs = 20_000;
/** A group may take several seconds to rebalance around the member that sets its offsets. */
const rewindWithinMs = 30_000;
/** Partitions that were added are noticed after this time. */
const metadataMaxAge = 30_000;

/** The event log on Apache Kafka. Connects when first used, and again whenever brokers come back. */
export function createKafkaEventLog({ brokers, clientId, logger }: KafkaEventLogOptions): EventLog {
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 2_000,
    requestTimeout: requestTimeoutMs,
    retry: { initialRetryTime: 100, multiplier: 2, factor: 0.2, maxRetryTime: 1_000, retries: 4 },
    logLevel: logLevel.INFO,
    logCreator: logTo(logger),
  });
  const admin = createKafkaLink(() => kafka.admin(), logger);
  const producer = createKafkaLink(
    () =>
      kafka.producer({
        allowAutoTopicCreation: false,
        createPartitioner: Partitioners.DefaultPartitioner,
        metadataMaxAge,
        retry: { retries: 0 }, // `send` does it, within its own time
      }),
    logger,
  );
  const publisher = createPublisher({ send, isDataError: isTooLarge });
  const consumers = new Set<EventConsumer>();

  async function send(topic: string, messages: readonly PublishMessage[]): Promise<void> {
    const record = { topic, messages: messages.map(({ key, value }) => ({ key, value })) };
    const deadline = performance.now() + publishWithinMs;
    for (let failures = 1; ; failures++) {
      try {
        await producer.use(deadline - performance.now(), (client) =>
          client.send({ acks: -1, timeout: requestTimeoutMs, ...record }),
        );
        return;
      } catch (err) {
        const pauseMs = backoffMs(failures);
        if (isTooLarge(err) || performance.now() + pauseMs > deadline) throw err;
        await sleep(pauseMs);
      }
    }
  }

  function lagOf({ group, topics }: Parameters<EventLog["lag"]>[0]) {
    return admin.use(askWithinMs, (client) => measureLag(client, group, topics));
  }

  return {
    kind: "kafka",
    publish: publisher.publish,

    ensureTopics(topics) {
      return admin.use(ensureWithinMs, async (client) => {
        for (const { name, partitions } of topics) await ensureTopic(client, name, partitions);
      });
    },

    async consume(options) {
      const consumer = await consumeKafka({ kafka, metadataMaxAge, logger, ...options });
      const running: EventConsumer = {
        lag: () => lagOf(options),
        async stop() {
          consumers.delete(running);
          await consumer.stop();
        },
      };
      consumers.add(running);
      return running;
    },

    rewind({ group, topic, partition, offset }) {
      return admin.use(rewindWithinMs, (client) =>
        client.setOffsets({ groupId: group, topic, partitions: [{ partition, offset }] }),
      );
    },

    lag: lagOf,

    async ping() {
      await admin.use(askWithinMs, (client) => client.describeCluster());
    },

    async close() {
      await Promise.all([...consumers].map((consumer) => consumer.stop()));
      await publisher.drain();
      await Promise.all([producer.close(), admin.close()]);
    },
  };
}

/**
 * Creates a topic, or adds what partitions it lacks, and waits until their leaders answer for them.
 * Brokers learn of a new topic one after the other, and others may be making the same one: a refusal may pass.
 */
async function ensureTopic(admin: Admin, topic: string, partitions: number): Promise<void> {
  for (let failures = 1; ; failures++) {
    try {
      await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: false });
      const served = await admin.fetchTopicOffsets(topic);
      if (served.length >= partitions) return;
      await admin.createPartitions({ topicPartitions: [{ topic, count: partitions }] });
    } catch (err) {
      if (failures >= 6) throw err;
    }
    await sleep(backoffMs(failures));
  }
}

async function measureLag(admin: Admin, groupId: string, topics: readonly string[]): Promise<Record<string, number>> {
  const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
  const lags = topics.map(async (topic) => {
    const own = committed.find((one) => one.topic === topic)?.partitions ?? [];
    let lag = 0;
    for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
      const offset = Number(own.find((one) => one.partition === partition)?.offset ?? -1);
      lag += Number(high) - Math.max(offset, Number(low)); // -1: nothing committed yet
    }
    return [topic, lag] as const;
  });
  return Object.fromEntries(await Promise.all(lags));
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "type" in error && String(error.type).endsWith("_TOO_LARGE");
}

/** Each try of a reconnection is an error to kafkajs; we report those that reach a caller or end a consumer ourselves. */
const retold = new Set(["Connection", "BrokerPool", "Consumer"]);

function logTo(logger: Logger): logCreator {
  return () =>
    ({ namespace, level, log: { message, timestamp: _, logger: __, ...fields } }) => {
      const isWorthReading = level === logLevel.ERROR && !retold.has(namespace);
      logger[isWorthReading ? "warn" : "debug"]({ ...fields, namespace }, `kafkajs: ${message}`);
    };
}
