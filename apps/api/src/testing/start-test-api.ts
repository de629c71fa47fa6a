import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createAttachmentBook } from "@tidings/core/attachments/attachment-book";
import { createStripeDoor } from "@tidings/core/billing/stripe-door";
import { createCheckUrl } from "@tidings/core/endpoints/check-url";
import { createAuthenticator } from "@tidings/core/keys/authenticate";
import { createKey } from "@tidings/core/keys/create-key";
import { createSecretHasher } from "@tidings/core/keys/secret-hasher";
import { createAccept, createPublish } from "@tidings/core/pipeline/index";
import { topicsOf } from "@tidings/core/pipeline/topics";
import type { PlatformAccount } from "@tidings/core/providers/accounts/platform-accounts";
import { createQuotaMeter } from "@tidings/core/quotas/quota-meter";
import { applyWaitingReceipts } from "@tidings/core/receipts/apply-receipts";
import { createReceiptDoor } from "@tidings/core/receipts/receipt-door";
import { createQueueReports, reportQueue } from "@tidings/core/reports/queue-reports";
import { createSealer } from "@tidings/core/secrets/sealer";
import { createUnsubscribeDoor } from "@tidings/core/suppressions/unsubscribe-door";
import { createPublishedTemplates } from "@tidings/core/templates/published-templates";
import { createTenant } from "@tidings/core/tenants/create-tenant";
import { type Database, openDatabase } from "@tidings/db/client";
import type { EventLog } from "@tidings/runtime/event-log/event-log";
import { createRedisEventLog } from "@tidings/runtime/event-log/redis";
import { createFairQueue } from "@tidings/runtime/fair-queue";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { connectRedisFailFast } from "@tidings/runtime/redis";
import { createRequestLimiter } from "@tidings/runtime/request-limiter";
import { newUuid } from "@tidings/shared/ids";
import type { Mode } from "@tidings/shared/modes";
import { scopes as allScopes, type Scope } from "@tidings/shared/scopes";
import { createApp, createAppServer } from "../app";
import type { ApiDeps } from "../deps";
import { createHoldUpload } from "../hold-upload";

/** A tenant with a key of each mode that may do everything. */
export interface TestTenant {
  id: string;
  liveKey: string;
  testKey: string;
}

export interface TestAnswer<Body> {
  status: number;
  headers: Headers;
  /** Parsed when it is JSON, else text; null when there is none. */
  body: Body;
}

export interface TestCall {
  /** Sent as `x-api-key`. */
  key?: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, with the content-type of JSON; instead of `body`. */
  rawBody?: string;
  headers?: Record<string, string>;
}

/** The API as it really runs, on a free port, with what tests need to look behind it. */
export interface TestApi {
  url: string;
  database: Database;
  deps: ApiDeps;
  eventLog: EventLog;
  /** Where accepted notifications are published. */
  topics: ReturnType<typeof topicsOf>;
  /** Every line the API has logged. */
  logLines: string[];
  createTenant(): Promise<TestTenant>;
  /** Another key of a tenant. @returns its text */
  createKey(tenantId: string, mode: Mode, scopes: Scope[]): Promise<string>;
  /** @throws {Error} with what the API logged, when it answers 500: no input may bring that about */
  call<Body = Record<string, unknown>>(method: string, path: string, options?: TestCall): Promise<TestAnswer<Body>>;
  /** What a consumer does about receipts that were stored. */
  applyReceipts(): Promise<void>;
  close(): Promise<void>;
}

/** What the platform's secret is. */
export const testPlatformSecret = Buffer.alloc(32, 9);

/** Far more than tests send, so that they meet the limit only where they set one. */
const defaultRequestsPerSecond = 100_000;

/**
 * Starts the API with everything real: Postgres, Redis, and the event log on Redis Streams.
 * @param services a migrated database of the caller's own, and a Redis that may be shared
 */
export async function startTestApi(services: {
  databaseUrl: string;
  redisUrl: string;
  /** None when absent. */
  platformAccounts?: readonly PlatformAccount[];
  /** Without it there is no Stripe. */
  stripeWebhookSecret?: string;
}): Promise<TestApi> {
  const { databaseUrl, redisUrl } = services;
  const namespace = `test-${newUuid()}`;
  const logLines: string[] = [];
  const destination = { write: (line: string) => void logLines.push(line) };
  const logger = createLogger({ name: "tidings-api", level: "info", destination });
  const metrics = createMetrics({ process: "api" });

  const database = openDatabase({ url: databaseUrl, poolSize: 8, applicationName: "tidings-api-test" });
  const redis = connectRedisFailFast(redisUrl, (err) => logger.warn({ err }, "redis"));
  await once(redis, "ready"); // until then the limiter lets everything through
  const eventLog = createRedisEventLog({ redisUrl, namespace, logger });
  const topics = topicsOf(namespace);
  await eventLog.ensureTopics([topics.direct, topics.bulk].map((name) => ({ name, partitions: 2 })));

  const reports = createFairQueue(redis, namespace, reportQueue);

  const queueReports = createQueueReports({ fair: reports, logger });
  const sealer = createSealer([testPlatformSecret]);
  const receipts = createReceiptDoor({
    database,
    sealer,
    platformAccounts: services.platformAccounts ?? [],
    platformSecrets: [testPlatformSecret],
    outboundAllow: ["127.0.0.0/8"],
    logger,
    metrics,
  });

  const hasher = createSecretHasher({ pepper: Buffer.alloc(32, 7) });
  const publish = createPublish({ eventLog, namespace, logger, metrics });
  const accept = createAccept({ database, publish, queueReports, metrics });
  const deps: ApiDeps = {
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
    publish,
    queueReports,
    receipts,
    stripe: createStripeDoor({ database, secret: services.stripeWebhookSecret ?? null, logger }),
    unsubscribes: createUnsubscribeDoor({ database, platformSecrets: [testPlatformSecret], queueReports }),
    publicUrl: null,
    sealer,
    providerContext: { outboundAllow: ["127.0.0.1/32"] },
    checkUrl: createCheckUrl(["127.0.0.1/32"]),
    limiter: createRequestLimiter({ redis, namespace }),
    defaultRequestsPerSecond,
    trustedProxies: 0,
    checks: { postgres: () => database.$queryRaw`SELECT 1` },
    logger,
    metrics,
  };
  const server = createAppServer(createApp(deps));
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function makeKey(tenantId: string, mode: Mode, scopes: Scope[]): Promise<string> {
    const { text } = await createKey({ database, hasher }, tenantId, { name: "Test key", mode, scopes });
    return text;
  }

  return {
    url,
    database,
    deps,
    eventLog,
    topics,
    logLines,
    createKey: makeKey,

    async createTenant() {
      const { id } = await createTenant(database, { name: "Test tenant", slug: `test-${newUuid()}` });
      const [liveKey, testKey] = await Promise.all([
        makeKey(id, "live", [...allScopes]),
        makeKey(id, "test", [...allScopes]),
      ]);
      return { id, liveKey, testKey };
    },

    async call<Body>(method: string, path: string, { key, body, rawBody, headers }: TestCall = {}) {
      const text = body === undefined ? rawBody : JSON.stringify(body);
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(key !== undefined && { "x-api-key": key }),
          ...(text !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(text !== undefined && { body: text }),
      });
      if (response.status === 500) {
        const requestId = response.headers.get("x-request-id") ?? "";
        const why = logLines.filter((line) => line.includes(requestId)).join("");
        throw new Error(`${method} ${path} was answered 500: ${why}`);
      }
      return { status: response.status, headers: response.headers, body: (await readAnswer(response)) as Body };
    },

    async applyReceipts() {
      await applyWaitingReceipts({ database, queueReports, logger, metrics });
    },

    async close() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await accept.drain();
      await receipts.close();
      await Promise.all([eventLog.close(), hasher.close()]);
      redis.disconnect();
      await database.$disconnect();
    },
  };
}

async function readAnswer(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === "") return null;
  return /json/.test(response.headers.get("content-type") ?? "") ? JSON.parse(text) : text;
}
