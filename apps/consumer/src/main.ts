import { channels } from "@tidings/channels/registry";
import { connectStripe } from "@tidings/core/billing/connect-stripe";
import { createBilling } from "@tidings/core/billing/create-billing";
import { limitQueues } from "@tidings/core/limits/limit-queues";
import { syncLimits } from "@tidings/core/limits/sync-limits";
import { findLost } from "@tidings/core/pipeline/find-lost";
import { createAccept, createEnqueue, createPublish, createRoute, createSweep } from "@tidings/core/pipeline/index";
import { keepRetention } from "@tidings/core/pipeline/keep-house";
import { openChannelQueues } from "@tidings/core/pipeline/open-channel-queues";
import { partitionsPerTopic, topicsOf } from "@tidings/core/pipeline/topics";
import { createAccountBook } from "@tidings/core/providers/sending/account-book";
import { createWithSenders } from "@tidings/core/providers/sending/with-senders";
import { warnOfQuotas } from "@tidings/core/quotas/warn-of-quotas";
import { applyWaitingReceipts } from "@tidings/core/receipts/apply-receipts";
import { createQueueReports, reportQueue } from "@tidings/core/reports/queue-reports";
import { syncEndpointRates } from "@tidings/core/reports/sync-endpoint-rates";
import { deleteErasedTenants } from "@tidings/core/tenants/delete-erased-tenants";
import { createNotifyTeam } from "@tidings/core/tenants/notify-team";
import { createWriteMail } from "@tidings/core/tenants/write-mail";
import { openDatabase } from "@tidings/db/client";
import { createEventLog } from "@tidings/runtime/event-log/create-event-log";
import { startHealthServer } from "@tidings/runtime/health-server";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { eventLogSettings } from "@tidings/runtime/pipeline-env";
import { createQueueEpoch } from "@tidings/runtime/queue-epoch";
import { connectRedis } from "@tidings/runtime/redis";
import { createRedisRoom } from "@tidings/runtime/redis-room";
import { repeat } from "@tidings/runtime/repeat";
import { createShutdown } from "@tidings/runtime/shutdown";
import { startProcess } from "@tidings/runtime/start-process";
import { readConsumerEnv } from "./env";
import { repeatBilling } from "./repeat-billing";

/** Most messages that a partition hands over at once. */
const maxBatch = 500;
const limitsEveryMs = 5_000;
/** A receipt is applied within so much: often enough for people, seldom enough that a look takes many at once. */
const receiptsEveryMs = 200;
const quotasEveryMs = 60_000;
const erasuresEveryMs = 30_000;
const retentionEveryMs = 60 * 60 * 1_000;

startProcess("tidings-consumer", async () => {
  const env = readConsumerEnv();
  const logger = createLogger({ name: "tidings-consumer", level: env.LOG_LEVEL });
  const shutdown = createShutdown({ logger });
  const metrics = createMetrics({ process: "consumer" });
  const namespace = env.TIDINGS_NAMESPACE;

  const database = openDatabase({
    url: env.DATABASE_URL,
    poolSize: env.POSTGRES_POOL,
    applicationName: "tidings-consumer",
  });
  shutdown.add("database", () => database.$disconnect());
  const redis = connectRedis(env.REDIS_URL, (err) => logger.warn({ err }, "redis"));
  shutdown.add("redis", () => redis.disconnect());
  const eventLog = createEventLog(eventLogSettings(env, "tidings-consumer"), logger);
  shutdown.add("event log", () => eventLog.close());
  const queues = openChannelQueues(redis, namespace, [...channels.keys(), reportQueue]);
  shutdown.add("queues", () => Promise.all([...queues.values()].map((channel) => channel.deliveries.close())));

  const { fairQueueOf } = limitQueues({ redis, namespace });
  const book = createAccountBook({ database, platformAccounts: env.PROVIDER_ACCOUNTS });
  const senders = createWithSenders(book, ({ channel, id, rate }) =>
    fairQueueOf(channel).setRate({ sender: id }, rate),
  );
  const queueReports = createQueueReports({ fair: fairQueueOf(reportQueue), logger });
  const enqueue = createEnqueue({ queues, logger, metrics });
  const publish = createPublish({ eventLog, namespace, logger, metrics });
  const sweep = createSweep({
    database,
    publish,
    findLost: (deliveries) => findLost(queues, deliveries),
    enqueue: enqueue.push,
    withSenders: senders.withSenders,
    epoch: createQueueEpoch(redis, namespace),
    logger,
    metrics,
  });

  let limits: Awaited<ReturnType<typeof syncLimits>> = [];
  let endpointRates: Awaited<ReturnType<typeof syncEndpointRates>> = [];
  /** Again and again, so that a Redis that came back empty has them too. */
  async function setLimits(): Promise<void> {
    limits = await syncLimits({ database, fairQueueOf }, limits);
    endpointRates = await syncEndpointRates({ database, fair: fairQueueOf(reportQueue) }, endpointRates);
    await senders.setAgain();
  }
  await setLimits();
  const admitting = enqueue.run(shutdown.signal);
  shutdown.add("admission", () => admitting);
  const sweeping = sweep.run(shutdown.signal);
  shutdown.add("sweeper", () => sweeping);
  const onError = (err: unknown) => logger.warn({ err }, "limits could not be read; those known stay");
  shutdown.add("limits", repeat(setLimits, { everyMs: limitsEveryMs, onError }));

  const receipts = repeat(
    async () => void (await applyWaitingReceipts({ database, queueReports, logger, metrics }, shutdown.signal)),
    {
      everyMs: receiptsEveryMs,
      onError: (err) => logger.warn({ err }, "receipts could not be applied; trying again"),
    },
  );
  shutdown.add("receipts", receipts);

  const accept = createAccept({ database, publish, queueReports, metrics });
  shutdown.add("accept", () => accept.drain());
  const notifyTeam = createNotifyTeam({ database, writeMail: createWriteMail({ database, accept }) });
  const quotas = repeat(async () => void (await warnOfQuotas({ database, queueReports, notifyTeam, logger })), {
    everyMs: quotasEveryMs,
    onError: (err) => logger.warn({ err }, "quotas could not be looked at; trying again"),
  });
  shutdown.add("quota warnings", quotas);

  const stripe = connectStripe(env);
  const billing = createBilling({ stripe, database, consoleUrl: env.CONSOLE_URL, notifyTeam, logger });
  if (billing) shutdown.add("billing", repeatBilling(billing));

  const retention = repeat(() => keepRetention({ database, logger, metrics }, env.RETENTION_DAYS), {
    everyMs: retentionEveryMs,
    onError: (err) => logger.warn({ err }, "retention failed; trying again in an hour"),
  });
  shutdown.add("retention", retention);

  const erasures = repeat(async () => void (await deleteErasedTenants({ database, logger })), {
    everyMs: erasuresEveryMs,
    onError: (err) => logger.warn({ err }, "erased tenants could not be deleted; trying again"),
  });
  shutdown.add("erasures", erasures);

  const room = createRedisRoom({
    redis,
    onTurn(isShort) {
      if (isShort) logger.warn("Redis is nearly full: what is published waits in the event log");
      else logger.info("Redis has room again");
    },
  });
  // A log in Redis itself would only grow meanwhile.
  const holdsRouting = env.EVENT_LOG === "kafka";
  const topics = topicsOf(namespace);
  await eventLog.ensureTopics([topics.direct, topics.bulk].map((name) => ({ name, partitions: partitionsPerTopic })));
  // Two consumers, so that a flood of bulk fills its own batches and never those of one-time passwords.
  for (const topic of [topics.direct, topics.bulk]) {
    const route = createRoute({
      database,
      enqueue: enqueue.push,
      withSenders: senders.withSenders,
      queueReports,
      logger,
      metrics,
    });
    const consumer = await eventLog.consume({
      group: topic,
      topics: [topic],
      maxBatch,
      async handleBatch(batch, signal) {
        if (holdsRouting) await room.wait(signal);
        await route(batch);
      },
    });
    shutdown.add(topic, () => consumer.stop());
    metrics.sample(async () => {
      for (const [name, lag] of Object.entries(await consumer.lag())) metrics.lag.set({ topic: name }, lag);
    });
  }
  metrics.sample(async () => {
    metrics.routingHeld.set(holdsRouting && (await room.isShort()) ? 1 : 0);
    for (const [channel, { fair }] of queues) {
      metrics.fairQueueWaiting.set({ channel }, await fair.waiting());
      for (const [lane, count] of Object.entries(await fair.inHand())) metrics.queueDepth.set({ channel, lane }, count);
    }
  });

  const health = await startHealthServer({
    port: env.HEALTH_PORT,
    checks: {
      postgres: () => database.$queryRaw`SELECT 1`,
      redis: () => redis.ping(),
      eventLog: () => eventLog.ping(),
    },
    metrics,
    logger,
  });
  shutdown.add("health", () => health.close());
  logger.info({ healthPort: health.port, eventLog: env.EVENT_LOG }, "ready");
});
