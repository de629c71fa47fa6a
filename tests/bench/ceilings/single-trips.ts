import { createEventLog, type EventLogSettings } from "@tidings/runtime/event-log/create-event-log";
import { createLogger } from "@tidings/runtime/logger";
import { connectRedis } from "@tidings/runtime/redis";
import { newUuid } from "@tidings/shared/ids";
import { Client } from "pg";
import { percentile } from "../../load/load-plan";
import { answerQuestions, type OwnProcess, startOwnProcess } from "../../load/own-process";

const verbs = { measure, timeCommits };

/** The ceiling of latency: each trip that a message cannot be spared, by itself, on the services of the run. */
export function startSingleTrips(): OwnProcess<typeof verbs> {
  return startOwnProcess(new URL(import.meta.url));
}

/** Medians in milliseconds. */
export interface SingleTrips {
  /** One row inserted and committed. */
  postgresCommit: number;
  /** From `publish` to the handler of a consumer of the event log. */
  produceToConsume: number;
  redisRoundTrip: number;
}

export interface TripSettings {
  databaseUrl: string;
  redisUrl: string;
  eventLog: EventLogSettings;
  /** Of each trip. */
  times: number;
  /** From the start of one to the start of the next: the pace of the load it is compared with. */
  everyMs: number;
}

async function measure({ databaseUrl, redisUrl, eventLog, times, everyMs }: TripSettings): Promise<SingleTrips> {
  return {
    postgresCommit: await timeCommits(databaseUrl, times, everyMs),
    produceToConsume: await timeEvents(eventLog, times, everyMs),
    redisRoundTrip: await timeRedis(redisUrl, times, everyMs),
  };
}

/** The median of a trip that is made again and again at a fixed pace. */
async function median(trip: () => Promise<unknown>, times: number, everyMs: number): Promise<number> {
  const tookMs = new Float64Array(times);
  const startedAt = performance.now();
  for (let index = 0; index < times; index += 1) {
    await until(startedAt + index * everyMs);
    const before = performance.now();
    await trip();
    tookMs[index] = performance.now() - before;
  }
  return percentile(tookMs.sort(), 0.5);
}

function until(moment: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, moment - performance.now()));
}

async function timeCommits(databaseUrl: string, times: number, everyMs: number): Promise<number> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    await client.query("CREATE TABLE single_trip (id uuid PRIMARY KEY, body text)");
    const insert = { name: "insert", text: "INSERT INTO single_trip VALUES ($1, repeat('x', 300))" };
    return await median(() => client.query({ ...insert, values: [newUuid()] }), times, everyMs);
  } finally {
    await client.query("DROP TABLE IF EXISTS single_trip");
    await client.end();
  }
}

async function timeEvents(settings: EventLogSettings, times: number, everyMs: number): Promise<number> {
  const log = createEventLog(settings, createLogger({ name: "ceiling", level: "silent" }));
  const topic = "single-trips";
  let arrive = (): void => {};
  await log.ensureTopics([{ name: topic, partitions: 1 }]);
  const consumer = await log.consume({
    group: topic,
    topics: [topic],
    maxBatch: 500,
    handleBatch: async () => arrive(),
  });
  const trip = async () => {
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    await Promise.all([log.publish([{ topic, key: "key", value: "x".repeat(150) }]), arrived]);
  };
  try {
    await trip(); // joins the group
    return await median(trip, times, everyMs);
  } finally {
    await consumer.stop();
    await log.close();
  }
}

async function timeRedis(redisUrl: string, times: number, everyMs: number): Promise<number> {
  const redis = connectRedis(redisUrl, () => {});
  try {
    return await median(() => redis.set("single-trip", "x"), times, everyMs);
  } finally {
    await redis.del("single-trip");
    redis.disconnect();
  }
}

if (process.send && process.argv[1] === new URL(import.meta.url).pathname) answerQuestions(verbs);
