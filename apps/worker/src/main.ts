import { randomUUID } from "node:crypto";
import { constants, setPriority } from "node:os";
import { channels } from "@tidings/channels/registry";
import { createDeliver, createReport } from "@tidings/core/pipeline/index";
import { createSenders } from "@tidings/core/providers/senders";
import { createPublishedTemplates } from "@tidings/core/templates/published-templates";
import { createRenderer } from "@tidings/core/templates/render";
import { createRenderDelivery } from "@tidings/core/templates/render-delivery";
import { openDatabase } from "@tidings/db/client";
import { createFairQueue } from "@tidings/runtime/fair-queue";
import { startHealthServer } from "@tidings/runtime/health-server";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { connectRedis } from "@tidings/runtime/redis";
import { createShutdown } from "@tidings/runtime/shutdown";
import { startProcess } from "@tidings/runtime/start-process";
import { announceCapacity } from "@tidings/runtime/worker-capacity";
import { startDeliveryWorker } from "./delivery-worker";
import { readWorkerEnv } from "./env";

/** At shutdown, what is being sent may go on for this long; then it is aborted and handed back. */
const finishMs = 12_000;

startProcess("tidings-worker", async () => {
  const env = readWorkerEnv();
  const logger = createLogger({ name: "tidings-worker", level: env.LOG_LEVEL });
  const shutdown = createShutdown({ logger });
  const metrics = createMetrics({ process: "worker" });
  const namespace = env.TIDINGS_NAMESPACE;

  const database = openDatabase({
    url: env.DATABASE_URL,
    poolSize: env.POSTGRES_POOL,
    applicationName: "tidings-worker",
  });
  shutdown.add("database", () => database.$disconnect());
  const redis = connectRedis(env.REDIS_URL, (err) => logger.warn({ err }, "redis"));
  shutdown.add("redis", () => redis.disconnect());

  const senders = createSenders(env.PROVIDER_ACCOUNTS, { outboundAllow: env.OUTBOUND_ALLOW });
  shutdown.add("provider accounts", () => senders.close());
  const report = createReport({ database, logger, metrics });
  shutdown.add("report", () => report.drain());
  const templates = createPublishedTemplates({ database });
  const render = createRenderDelivery({ templates, renderer: createRenderer({ maxCompiled: 1_000 }) });
  const deliver = createDeliver({ database, senders, render, report, logger, metrics });

  // Beside a worker for critical deliveries this one gives way: what it sends may wait for a processor.
  if (!env.LANES.some((lane) => lane === "urgent")) setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

  const outOfTime = new AbortController();
  const stops = [...channels.keys()].flatMap((channel) => {
    const fair = createFairQueue(redis, namespace, channel);
    const common = { channel, namespace, redis, fair, deliver, signal: outOfTime.signal, logger };
    return env.LANES.map((lane) => startDeliveryWorker({ ...common, lane, concurrency: env.CONCURRENCY }));
  });
  shutdown.add("delivery workers", async () => {
    const timer = setTimeout(() => outOfTime.abort(new Error("the worker is shutting down")), finishMs);
    await Promise.all(stops.map((stop) => stop()));
    clearTimeout(timer);
  });
  const stopAnnouncing = announceCapacity({
    redis,
    namespace,
    workerId: randomUUID(),
    channels: [...channels.keys()],
    lanes: env.LANES,
    capacity: env.CONCURRENCY,
    onError: (err) => logger.warn({ err }, "capacity could not be announced"),
  });
  shutdown.add("capacity", stopAnnouncing);

  const health = await startHealthServer({
    port: env.HEALTH_PORT,
    checks: { postgres: () => database.$queryRaw`SELECT 1`, redis: () => redis.ping() },
    metrics,
    logger,
  });
  shutdown.add("health", () => health.close());
  logger.info({ healthPort: health.port, concurrency: env.CONCURRENCY, lanes: env.LANES }, "ready");
});
