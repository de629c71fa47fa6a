import { createAttachmentBook } from "@tidings/core/attachments/attachment-book";
import { connectStripe } from "@tidings/core/billing/connect-stripe";
import { createBilling } from "@tidings/core/billing/create-billing";
import { createCheckUrl } from "@tidings/core/endpoints/check-url";
import { consoleSecret, keyPepper, passwordPepper } from "@tidings/core/keys/pepper";
import { createSecretHasher, passwordCost } from "@tidings/core/keys/secret-hasher";
import { createWatchMessages } from "@tidings/core/notifications/watch-messages";
import { createAccept, createPublish } from "@tidings/core/pipeline/index";
import { presentPlatformAccount } from "@tidings/core/providers/accounts/present-platform-account";
import { createQuotaMeter } from "@tidings/core/quotas/quota-meter";
import { createQueueReports, reportQueue } from "@tidings/core/reports/queue-reports";
import { createSealer } from "@tidings/core/secrets/sealer";
import { sealingSecrets } from "@tidings/core/secrets/sealer-env";
import { createPublishedTemplates } from "@tidings/core/templates/published-templates";
import { createRenderer } from "@tidings/core/templates/render";
import { createRenderDelivery } from "@tidings/core/templates/render-delivery";
import { createNotifyTeam } from "@tidings/core/tenants/notify-team";
import { createWriteMail } from "@tidings/core/tenants/write-mail";
import { openDatabase } from "@tidings/db/client";
import { createEventLog } from "@tidings/runtime/event-log/create-event-log";
import { createFairQueue } from "@tidings/runtime/fair-queue";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { eventLogSettings } from "@tidings/runtime/pipeline-env";
import { connectRedisFailFast } from "@tidings/runtime/redis";
import { type Env, env } from "../env";
import { createReadStatus } from "./status/read-system-status";

/** What the console's procedures work with: the same verbs' dependencies that the API has. */
export type House = ReturnType<typeof openHouse>;

const key = Symbol.for("tidings.house");
const place = globalThis as { [key]?: House };

/** The house of this process, opened when first asked for. Next.js loads modules several times over; it is opened once. */
export function house(): House {
  place[key] ??= openHouse(env());
  return place[key];
}

/** Opens everything; connections are made when first used. */
export function openHouse(settings: Env) {
  const logger = createLogger({ name: "tidings-web", level: settings.LOG_LEVEL });
  const metrics = createMetrics({ process: "web" });
  const namespace = settings.TIDINGS_NAMESPACE;
  const database = openDatabase({
    url: settings.DATABASE_URL,
    poolSize: settings.POSTGRES_POOL,
    applicationName: "tidings-web",
  });
  const redis = connectRedisFailFast(settings.REDIS_URL, (err) => logger.warn({ err }, "redis"));
  const eventLog = createEventLog(eventLogSettings(settings, "tidings-web"), logger);
  const publish = createPublish({ eventLog, namespace, logger, metrics });
  const queueReports = createQueueReports({ fair: createFairQueue(redis, namespace, reportQueue), logger });
  const accept = createAccept({ database, publish, queueReports, metrics });
  const secrets = sealingSecrets(settings);
  const writeMail = createWriteMail({ database, accept });
  const templates = createPublishedTemplates({ database });
  const hasher = createSecretHasher({
    pepper: keyPepper(settings.TIDINGS_SECRET),
    previousPeppers: settings.TIDINGS_PREVIOUS_SECRETS.map(keyPepper),
  });
  const passwords = createSecretHasher({
    pepper: passwordPepper(settings.TIDINGS_SECRET),
    previousPeppers: settings.TIDINGS_PREVIOUS_SECRETS.map(passwordPepper),
    cost: passwordCost,
  });

  const processUrls = {
    api: settings.API_HEALTH_URL ?? settings.API_URL,
    consumer: settings.CONSUMER_HEALTH_URL,
    worker: settings.WORKER_HEALTH_URL,
    ...(settings.URGENT_WORKER_HEALTH_URL && { urgentWorker: settings.URGENT_WORKER_HEALTH_URL }),
  };

  return {
    settings,
    logger,
    metrics,
    database,
    redis,
    namespace,
    accept,
    eventLog,
    publish,
    queueReports,
    sealer: createSealer(secrets),
    platformSecrets: secrets,
    sessionSecret: consoleSecret(settings.TIDINGS_SECRET),
    /** Of API keys. */
    hasher,
    /** Of people's passwords. */
    passwords,
    templates,
    attachments: createAttachmentBook({ database }),
    quotas: createQuotaMeter({ database, logger }),
    render: createRenderDelivery({ templates, renderer: createRenderer({ maxCompiled: 200 }) }),
    watchMessages: createWatchMessages({ database, logger }),
    writeMail,
    /** Null where the installation takes no money. */
    billing: createBilling({
      stripe: connectStripe(settings),
      database,
      consoleUrl: settings.CONSOLE_URL,
      notifyTeam: createNotifyTeam({ database, writeMail }),
      logger,
    }),
    checkUrl: createCheckUrl(settings.OUTBOUND_ALLOW),
    providerContext: { outboundAllow: settings.OUTBOUND_ALLOW },
    publicUrl: settings.PUBLIC_URL ?? null,
    /** What holds where neither a tenant nor its plan says otherwise. */
    defaults: { retentionDays: settings.RETENTION_DAYS, requestsPerSecond: settings.REQUESTS_PER_SECOND },
    platformAccounts: settings.PROVIDER_ACCOUNTS.map(presentPlatformAccount),
    processUrls,
    readStatus: createReadStatus(processUrls),
    /** Gives everything back; what was accepted is stored first. */
    async close() {
      await accept.drain();
      await eventLog.close();
      redis.disconnect();
      await Promise.all([hasher.close(), passwords.close()]);
      await database.$disconnect();
    },
  };
}
