import { createAttachmentBook } from "@tidings/core/attachments/attachment-book";
import { createStripeDoor } from "@tidings/core/billing/stripe-door";
import { createCheckUrl } from "@tidings/core/endpoints/check-url";
import { createAuthenticator } from "@tidings/core/keys/authenticate";
import { keyPepper } from "@tidings/core/keys/pepper";
import { createSecretHasher } from "@tidings/core/keys/secret-hasher";
import { createKeyTouches } from "@tidings/core/keys/touch-keys";
import { watchRevocations } from "@tidings/core/keys/watch-revocations";
import { createAccept, createPublish } from "@tidings/core/pipeline/index";
import { partitionsPerTopic, topicsOf } from "@tidings/core/pipeline/topics";
import { createQuotaMeter } from "@tidings/core/quotas/quota-meter";
import { createReceiptDoor } from "@tidings/core/receipts/receipt-door";
import { createQueueReports, reportQueue } from "@tidings/core/reports/queue-reports";
import { createSealer } from "@tidings/core/secrets/sealer";
import { sealingSecrets } from "@tidings/core/secrets/sealer-env";
import { createUnsubscribeDoor } from "@tidings/core/suppressions/unsubscribe-door";
import { createPublishedTemplates } from "@tidings/core/templates/published-templates";
import { openDatabase } from "@tidings/db/client";
import { createEventLog } from "@tidings/runtime/event-log/create-event-log";
import { createFairQueue } from "@tidings/runtime/fair-queue";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { eventLogSettings } from "@tidings/runtime/pipeline-env";
import { connectRedisFailFast } from "@tidings/runtime/redis";
import { createRequestLimiter } from "@tidings/runtime/request-limiter";
import { createShutdown } from "@tidings/runtime/shutdown";
import { startProcess } from "@tidings/runtime/start-process";
import { createApp, createAppServer } from "./app";
import { closeServer } from "./close-server";
import { readApiEnv } from "./env";
import { createHoldUpload } from "./hold-upload";

startProcess("tidings-api", async () => {
  const env = readApiEnv();
  const logger = createLogger({ name: "tidings-api", level: env.LOG_LEVEL });
  const shutdown = createShutdown({ logger });
  const metrics = createMetrics({ process: "api" });
  const namespace = env.TIDINGS_NAMESPACE;

  const database = openDatabase({ url: env.DATABASE_URL, poolSize: env.POSTGRES_POOL, applicationName: "tidings-api" });
  shutdown.add("database", () => database.$disconnect());
  const redis = connectRedisFailFast(env.REDIS_URL, (err) => logger.warn({ err }, "redis"));
  shutdown.add("redis", () => redis.disconnect());
  const eventLog = createEventLog(eventLogSettings(env, "tidings-api"), logger);
  shutdown.add("event log", () => eventLog.close());

  const touches = createKeyTouches({ database, logger });
  shutdown.add("key touches", () => touches.close());
  const hasher = createSecretHasher({
    pepper: keyPepper(env.TIDINGS_SECRET),
    previousPeppers: env.TIDINGS_PREVIOUS_SECRETS.map(keyPepper),
  });
  shutdown.add("secret hasher", () => hasher.close());
  const authenticator = createAuthenticator({ database, hasher, onUse: touches.touch });
  const onRevoked = (keyIds: string[]) => authenticator.markRevoked(keyIds);
  shutdown.add("revocations", watchRevocations({ database, logger, onRevoked }));

  const publish = createPublish({ eventLog, namespace, logger, metrics });
  const queueReports = createQueueReports({ fair: createFairQueue(redis, namespace, reportQueue), logger });
  const accept = createAccept({ database, publish, queueReports, metrics });
  shutdown.add("accept", () => accept.drain());
  metrics.sample(() => metrics.batcherWaiting.set({ batcher: "accept" }, accept.waiting));

  const sealer = createSealer(sealingSecrets(env));
  const receipts = createReceiptDoor({
    database,
    sealer,
    platformAccounts: env.PROVIDER_ACCOUNTS,
    platformSecrets: sealingSecrets(env),
    outboundAllow: env.OUTBOUND_ALLOW,
    logger,
    metrics,
  });
  shutdown.add("receipts", () => receipts.close());

  const app = createApp({
    database,
    redis,
    namespace,
    authenticator,
    hasher,
    templates: createPublishedTemplates({ database }),
    attachments: createAttachmentBook({ database }),
    holdUpload: createHoldUpload(),
    accept,
    quotas: createQuotaMeter({ database, logger }),
    publish,
    queueReports,
    receipts,
    stripe: createStripeDoor({ database, secret: env.STRIPE_WEBHOOK_SECRET ?? null, logger }),
    unsubscribes: createUnsubscribeDoor({ database, platformSecrets: sealingSecrets(env), queueReports }),
    publicUrl: env.PUBLIC_URL ?? null,
    sealer,
    providerContext: { outboundAllow: env.OUTBOUND_ALLOW },
    checkUrl: createCheckUrl(env.OUTBOUND_ALLOW),
    limiter: createRequestLimiter({ redis, namespace }),
    defaultRequestsPerSecond: env.REQUESTS_PER_SECOND,
    trustedProxies: env.TRUSTED_PROXIES,
    checks: { postgres: () => database.$queryRaw`SELECT 1` },
    logger,
    metrics,
  });
  const server = createAppServer(app);
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(env.PORT, resolve));
  shutdown.add("http", () => closeServer(server));
  logger.info({ port: env.PORT, eventLog: env.EVENT_LOG }, "ready");

  // Topics are needed by the first publish, not by the first 202: an event log that is away must not keep the API from starting.
  const topics = topicsOf(namespace);
  const wanted = [topics.direct, topics.bulk].map((name) => ({ name, partitions: partitionsPerTopic }));
  await eventLog.ensureTopics(wanted).catch((err) => logger.warn({ err }, "topics could not be made yet"));
});
