import { randomUUID } from "node:crypto";
import { constants, setPriority } from "node:os";
import { guardedPoster } from "@tidings/channels/providers/guarded-post";
import { channels } from "@tidings/channels/registry";
import { createResolveAttachments } from "@tidings/core/attachments/resolve-attachments";
import { dressEmails } from "@tidings/core/pipeline/dress-emails";
import { createAccept, createDeliver, createReport } from "@tidings/core/pipeline/index";
import { createAccountBook } from "@tidings/core/providers/sending/account-book";
import { createConnectedAccounts } from "@tidings/core/providers/sending/connected-accounts";
import { receiptUrlOfAccount } from "@tidings/core/receipts/receipt-url";
import { createDeliverReport } from "@tidings/core/reports/deliver-report";
import { createQueueReports, reportQueue } from "@tidings/core/reports/queue-reports";
import { createSealer } from "@tidings/core/secrets/sealer";
import { sealingSecrets } from "@tidings/core/secrets/sealer-env";
import { createPublishedTemplates } from "@tidings/core/templates/published-templates";
import { createRenderer } from "@tidings/core/templates/render";
import { createRenderDelivery } from "@tidings/core/templates/render-delivery";
import { createNotifyTeam } from "@tidings/core/tenants/notify-team";
import { createWriteMail } from "@tidings/core/tenants/write-mail";
import { openDatabase } from "@tidings/db/client";
import { createAccountsHealth } from "@tidings/runtime/account-health";
import { createAccountRates } from "@tidings/runtime/account-rates";
import { createFairQueue } from "@tidings/runtime/fair-queue";
import { startHealthServer } from "@tidings/runtime/health-server";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { createPairRates } from "@tidings/runtime/pair-rates";
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
    plansOnce: true,
  });
  shutdown.add("database", () => database.$disconnect());
  const redis = connectRedis(env.REDIS_URL, (err) => logger.warn({ err }, "redis"));
  shutdown.add("redis", () => redis.disconnect());

  const { PUBLIC_URL: publicUrl, TIDINGS_SECRET: platformSecret } = env;
  const sealer = createSealer(sealingSecrets(env));
  const health = createAccountsHealth({
    redis,
    namespace,
    logger,
    onTurn(account, circuit) {
      metrics.circuitTurned.inc({ circuit });
      logger.warn({ account, circuit }, "the circuit of a provider account turned");
    },
  });
  shutdown.add("account health", () => health.close());
  const book = createAccountBook({ database, platformAccounts: env.PROVIDER_ACCOUNTS });
  const accounts = createConnectedAccounts({
    book,
    health,
    sealer,
    contextOf: ({ tenantId }) => ({ outboundAllow: env.OUTBOUND_ALLOW, isTrusted: tenantId === null }),
    receiptUrlOf: (account) => receiptUrlOfAccount(account, { publicUrl, platformSecret }),
  });
  shutdown.add("provider accounts", () => accounts.close());
  const reportsFair = createFairQueue(redis, namespace, reportQueue);
  const queueReports = createQueueReports({ fair: reportsFair, logger });
  const report = createReport({ database, queueReports, logger, metrics });
  shutdown.add("report", () => report.drain());
  const templates = createPublishedTemplates({ database });
  const renderDelivery = createRenderDelivery({ templates, renderer: createRenderer({ maxCompiled: 1_000 }) });
  const render = publicUrl === undefined ? renderDelivery : dressEmails(renderDelivery, { publicUrl, platformSecret });
  const resolveAttachments = createResolveAttachments({ database });
  const pairs = createPairRates({ redis, namespace, logger });
  const rates = createAccountRates({ redis, namespace, logger });
  const sending = { accounts, render, resolveAttachments, rates, pairs };
  const deliver = createDeliver({ database, ...sending, report, logger, metrics });

  const poster = guardedPoster(env.OUTBOUND_ALLOW);
  shutdown.add("poster", () => poster.close());
  // What a worker accepts is published by the sweep: it has no event log of its own.
  const accept = createAccept({ database, publish: async () => false, queueReports, metrics });
  const notifyTeam = createNotifyTeam({ database, writeMail: createWriteMail({ database, accept }) });
  const deliverReport = createDeliverReport({
    ...{ database, poster, sealer, queueReports, notifyTeam, logger, metrics },
    concurrency: env.REPORT_CONCURRENCY,
  });
  shutdown.add("reports", () => deliverReport.drain());

  // Beside a worker for critical deliveries this one gives way: what it sends may wait for a processor.
  const takesOthers = env.LANES.some((lane) => lane === "others");
  if (!env.LANES.some((lane) => lane === "urgent")) setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

  const outOfTime = new AbortController();
  const stops = [...channels.keys()].flatMap((channel) => {
    const fair = createFairQueue(redis, namespace, channel);
    const common = { channel, namespace, redis, fair, deliver, signal: outOfTime.signal, logger };
    return env.LANES.map((lane) => startDeliveryWorker({ ...common, lane, concurrency: env.CONCURRENCY }));
  });
  if (takesOthers) {
    const common = { channel: reportQueue, namespace, redis, fair: reportsFair, signal: outOfTime.signal, logger };
    const concurrency = env.REPORT_CONCURRENCY;
    stops.push(startDeliveryWorker({ ...common, lane: "others", concurrency, deliver: deliverReport }));
  }
  shutdown.add("delivery workers", async () => {
    const timer = setTimeout(() => outOfTime.abort(new Error("the worker is shutting down")), finishMs);
    await Promise.all(stops.map((stop) => stop()));
    clearTimeout(timer);
  });
  const announcing = { redis, namespace, workerId: randomUUID(), lanes: env.LANES };
  const onError = (err: unknown) => logger.warn({ err }, "capacity could not be announced");
  const sent = { channels: [...channels.keys()], capacity: env.CONCURRENCY };
  shutdown.add("capacity", announceCapacity({ ...announcing, ...sent, onError }));
  if (takesOthers) {
    const told = { lanes: ["others"] as const, channels: [reportQueue], capacity: env.REPORT_CONCURRENCY };
    shutdown.add("capacity for reports", announceCapacity({ ...announcing, ...told, onError }));
  }

  const healthServer = await startHealthServer({
    port: env.HEALTH_PORT,
    checks: { postgres: () => database.$queryRaw`SELECT 1`, redis: () => redis.ping() },
    metrics,
    logger,
  });
  shutdown.add("health", () => healthServer.close());
  logger.info({ healthPort: healthServer.port, concurrency: env.CONCURRENCY, lanes: env.LANES }, "ready");
});
