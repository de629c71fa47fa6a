import { createAttachmentBook } from "@tidings/core/attachments/attachment-book";
import { createAuthenticator } from "@tidings/core/keys/authenticate";
import { keyPepper } from "@tidings/core/keys/pepper";
import { createSecretHasher } from "@tidings/core/keys/secret-hasher";
import type { ReadyNotification } from "@tidings/core/notifications/read-request";
import type { AcceptContext } from "@tidings/core/pipeline/accept";
import { createQuotaMeter } from "@tidings/core/quotas/quota-meter";
import { createReceiptDoor } from "@tidings/core/receipts/receipt-door";
import { createSealer } from "@tidings/core/secrets/sealer";
import { createUnsubscribeDoor } from "@tidings/core/suppressions/unsubscribe-door";
import { createPublishedTemplates } from "@tidings/core/templates/published-templates";
import { openDatabase } from "@tidings/db/client";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { connectRedisFailFast } from "@tidings/runtime/redis";
import { createRequestLimiter } from "@tidings/runtime/request-limiter";
import { newUuid, publicId } from "@tidings/shared/ids";
import { createApp, createAppServer } from "../../../apps/api/src/app";
import { createHoldUpload } from "../../../apps/api/src/hold-upload";
import { answerQuestions, type OwnProcess, startOwnProcess } from "../../load/own-process";

const verbs = { listen };

/**
 * The ceiling of accept: the same app with the same parsing, authentication, limits and validation, that answers 202 and
 * stores nothing.
 */
export function startAcceptingApi(): OwnProcess<typeof verbs> {
  return startOwnProcess(new URL(import.meta.url));
}

async function listen(settings: { databaseUrl: string; redisUrl: string; secret: string }): Promise<{ port: number }> {
  const logger = createLogger({ name: "ceiling", level: "warn" });
  const database = openDatabase({ url: settings.databaseUrl, poolSize: 5, applicationName: "tidings-ceiling" });
  const redis = connectRedisFailFast(settings.redisUrl, (err) => logger.warn({ err }, "redis"));
  const platformSecret = Buffer.from(settings.secret, "base64");
  const hasher = createSecretHasher({ pepper: keyPepper(platformSecret) });
  const accept = {
    accept: async (_context: AcceptContext, { channels }: ReadyNotification) => ({
      id: publicId("notification", newUuid()),
      status: "PENDING" as const,
      channels,
    }),
    acceptBatch: () => Promise.reject(new Error("the ceiling takes single requests")),
    waiting: 0,
    drain: async () => {},
  };
  const metrics = createMetrics({ process: "ceiling" });
  const sealer = createSealer([platformSecret]);
  const queueReports = async () => {};
  const receipts = createReceiptDoor({
    database,
    sealer,
    platformAccounts: [],
    platformSecrets: [platformSecret],
    outboundAllow: [],
    logger,
    metrics,
  });
  const namespace = "ceiling";
  const app = createApp({
    database,
    redis,
    namespace,
    authenticator: createAuthenticator({ database, hasher }),
    hasher,
    templates: createPublishedTemplates({ database }),
    attachments: createAttachmentBook({ database }),
    holdUpload: createHoldUpload(),
    accept,
    quotas: createQuotaMeter({ database, logger }),
    publish: async () => true,
    queueReports,
    receipts,
    stripe: null,
    unsubscribes: createUnsubscribeDoor({ database, platformSecrets: [platformSecret], queueReports }),
    publicUrl: null,
    sealer,
    providerContext: { outboundAllow: [] },
    checkUrl: async () => {},
    limiter: createRequestLimiter({ redis, namespace }),
    defaultRequestsPerSecond: 1_000_000,
    trustedProxies: 0,
    checks: {},
    logger,
    metrics,
  });
  const server = createAppServer(app);
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the ceiling listens on no port");
  return { port: address.port };
}

if (process.send && process.argv[1] === new URL(import.meta.url).pathname) answerQuestions(verbs);
