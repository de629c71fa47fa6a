import { topicsOf } from "@tidings/core/pipeline/topics";
import { countMinutes } from "@tidings/core/platform/count-minutes";
import { describeQueues } from "@tidings/core/platform/describe-queues";
import { describePostgres, describeRedis } from "@tidings/core/platform/describe-stores";
import { describeSweep } from "@tidings/core/platform/describe-sweep";
import { listAccountHealth } from "@tidings/core/platform/list-account-health";
import { answering } from "../status/answering";
import { readMended } from "../status/read-mended";
import { operatorProcedure, router } from "../trpc";

const minutesShown = 60;

/** Whether the platform is healthy. Each part is asked apart: what is away hides nothing else. */
export const operatorRouter = router({
  throughput: operatorProcedure.query(({ ctx }) =>
    answering("Postgres", countMinutes(ctx.house.database, minutesShown)),
  ),

  processes: operatorProcedure.query(({ ctx }) => ctx.house.readStatus()),

  queues: operatorProcedure.query(({ ctx }) => answering("Redis", describeQueues(ctx.house))),

  /** Notifications on the event log that the consumers have not taken yet, by what they are. */
  eventLog: operatorProcedure.query(async ({ ctx }) => {
    const { eventLog, namespace } = ctx.house;
    const topics = Object.entries(topicsOf(namespace)) as ["direct" | "bulk", string][];
    const lags = topics.map(async ([name, topic]) => {
      const lag = await eventLog.lag({ group: topic, topics: [topic] }); // each topic is a group of its own
      return { name, topic, lag: lag[topic] ?? 0 };
    });
    const kind = eventLog.kind === "kafka" ? "Kafka" : "Redis Streams";
    return { kind, topics: await answering("The event log", Promise.all(lags)) };
  }),

  /** What the sweep has before it, and what it and the others mended since their processes began. */
  sweep: operatorProcedure.query(async ({ ctx }) => {
    const { database, processUrls } = ctx.house;
    const [state, mended] = await Promise.all([
      answering("Postgres", describeSweep(database)),
      readMended(processUrls),
    ]);
    return { ...state, mended };
  }),

  providers: operatorProcedure.query(({ ctx }) => answering("Redis or Postgres", listAccountHealth(ctx.house))),

  postgres: operatorProcedure.query(({ ctx }) => answering("Postgres", describePostgres(ctx.house.database))),

  redis: operatorProcedure.query(({ ctx }) => answering("Redis", describeRedis(ctx.house.redis))),
});
