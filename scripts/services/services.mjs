import { findKafka, startKafka } from "./kafka.mjs";
import { startPostgres } from "./postgres.mjs";
import { startRedis } from "./redis.mjs";

/** @typedef {"kafka" | "redis"} EventLogKind */
/** @typedef {import("./supervise.mjs").Supervised} Supervised */

/**
 * @typedef {object} Services
 * @property {string} databaseUrl
 * @property {string} redisUrl
 * @property {string | null} kafkaBrokers `host:port,…`; null when the event log is Redis
 * @property {EventLogKind} eventLog
 * @property {Record<"postgres" | "redis" | "kafka", Supervised | null>} processes null for what others run
 * @property {() => Promise<void>} stop
 */

/**
 * Which event log it is to be, and how it is had.
 * @typedef {{ kind: "redis" } | { kind: "kafka", brokers: string } | { kind: "kafka", java: string }} EventLogChoice
 */

/**
 * Kafka wherever it can be, else Redis Streams, said aloud.
 * @param {EventLogKind | undefined} forced
 * @param {(message: string) => void} onProgress
 * @returns {Promise<EventLogChoice>}
 * @throws {Error} a sentence for people, when Kafka is forced and can't be had
 */
export async function chooseEventLog(forced, onProgress) {
  if (forced === "redis") {
    onProgress("event log: Redis Streams, as asked");
    return { kind: "redis" };
  }
  const brokers = process.env.KAFKA_BROKERS;
  if (brokers) {
    onProgress(`event log: the Kafka at KAFKA_BROKERS (${brokers})`);
    return { kind: "kafka", brokers };
  }
  const found = await findKafka();
  if ("java" in found) return { kind: "kafka", java: found.java };
  const remedy = "With Kafka: apt-get install openjdk-17-jre-headless maven";
  if (forced === "kafka") throw new Error(`The event log was to be Kafka, but ${found.missing}. ${remedy}`);
  onProgress(`EVENT LOG: REDIS STREAMS, not Kafka, because ${found.missing}. ${remedy}`);
  return { kind: "redis" };
}

/**
 * Starts Postgres, Redis and the event log, all at once.
 * @param {object} options
 * @param {string} options.dir state directory, absolute; take it first with `takeStateDir`
 * @param {{ postgres: number, redis: number, kafka: number, kafkaController: number }} options.ports free ones
 * @param {EventLogKind} [options.eventLog] forces one
 * @param {Promise<unknown>} [options.packages] when node_modules will be complete: Postgres comes from there
 * @param {(databaseUrl: string) => Promise<void>} [options.prepare] what to do with Postgres while the others still start
 * @param {(message: string) => void} options.onProgress
 * @returns {Promise<Services>}
 */
export async function startServices({ dir, ports, eventLog, packages, prepare, onProgress }) {
  const choice = await chooseEventLog(eventLog, onProgress);

  async function postgres() {
    await packages;
    const started = await startPostgres({ dir, port: ports.postgres, onProgress });
    onProgress(`Postgres is ready on port ${ports.postgres}`);
    return started;
  }
  async function redis() {
    const started = await startRedis({ dir, port: ports.redis, onProgress });
    onProgress(`Redis is ready on port ${ports.redis}`);
    return started;
  }
  async function kafka() {
    if (!("java" in choice)) return { brokers: choice.kind === "kafka" ? choice.brokers : null, process: null };
    const { java } = choice;
    const started = await startKafka({
      dir,
      port: ports.kafka,
      controllerPort: ports.kafkaController,
      java,
      onProgress,
    });
    onProgress(`Kafka is ready on port ${ports.kafka}`);
    return started;
  }

  const starting = /** @type {const} */ ([postgres(), redis(), kafka()]);
  const stop = async () => {
    const ended = await Promise.allSettled(starting);
    await Promise.all(ended.map((one) => one.status === "fulfilled" && one.value.process?.stop()));
  };
  try {
    const preparing = starting[0].then(({ url }) => prepare?.(url));
    const [database, cache, broker] = await Promise.all([...starting, preparing]);
    const processes = { postgres: database.process, redis: cache.process, kafka: broker.process };
    const kafkaBrokers = broker.brokers;
    return { databaseUrl: database.url, redisUrl: cache.url, kafkaBrokers, eventLog: choice.kind, processes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
