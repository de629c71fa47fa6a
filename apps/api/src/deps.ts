import type { AttachmentBook } from "@tidings/core/attachments/attachment-book";
import type { StripeDoor } from "@tidings/core/billing/stripe-door";
import type { CheckUrl } from "@tidings/core/endpoints/check-url";
import type { Authenticator } from "@tidings/core/keys/authenticate";
import type { SecretHasher } from "@tidings/core/keys/secret-hasher";
import type { Accept } from "@tidings/core/pipeline/accept";
import type { Publish } from "@tidings/core/pipeline/publish";
import type { AccountDeps } from "@tidings/core/providers/accounts/create-account";
import type { QuotaMeter } from "@tidings/core/quotas/quota-meter";
import type { ReceiptDoor } from "@tidings/core/receipts/receipt-door";
import type { QueueReports } from "@tidings/core/reports/queue-reports";
import type { Sealer } from "@tidings/core/secrets/sealer";
import type { UnsubscribeDoor } from "@tidings/core/suppressions/unsubscribe-door";
import type { PublishedTemplates } from "@tidings/core/templates/published-templates";
import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import type { Metrics } from "@tidings/runtime/metrics";
import type { ReadinessCheck } from "@tidings/runtime/readiness";
import type { Redis } from "@tidings/runtime/redis";
import type { RequestLimiter } from "@tidings/runtime/request-limiter";
import type { HoldUpload } from "./hold-upload";

/** Everything the routes work with; `main.ts` makes it, tests make their own. */
export interface ApiDeps {
  database: Database;
  /** Fails fast: no request waits for it. */
  redis: Redis;
  namespace: string;
  authenticator: Authenticator;
  hasher: SecretHasher;
  templates: PublishedTemplates;
  attachments: AttachmentBook;
  holdUpload: HoldUpload;
  accept: Accept;
  quotas: QuotaMeter;
  publish: Publish;
  queueReports: QueueReports;
  receipts: ReceiptDoor;
  /** Null without Stripe. */
  stripe: StripeDoor | null;
  unsubscribes: UnsubscribeDoor;
  /** The API's address as the internet sees it, without a slash at its end; null when it has none. */
  publicUrl: string | null;
  sealer: Sealer;
  /** What providers are lent for accounts of tenants. */
  providerContext: AccountDeps["providerContext"];
  /** Whether reports may be posted to a URL. */
  checkUrl: CheckUrl;
  limiter: RequestLimiter;
  /** Of a tenant that neither the operator nor its plan gives another limit. */
  defaultRequestsPerSecond: number;
  /** What must answer before the API is of use, by name. */
  checks: Record<string, ReadinessCheck>;
  /** Proxies between the callers and this process, whose word on a caller's address counts. */
  trustedProxies: number;
  logger: Logger;
  metrics: Metrics;
}
