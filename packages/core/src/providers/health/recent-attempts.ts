import { type Database, Prisma } from "@tidings/db/client";
import { firstUuidAt, publicId } from "@tidings/shared/ids";
import type { Owner } from "../../owner";

/** How an account has fared with a tenant's messages of the last day. */
export interface AttemptSummary {
  attempts: number;
  /** Those that were not sent, whether tried again or not. */
  failed: number;
  /** Of a try, half took less. */
  medianMs: number;
  lastAt: Date;
  /** The latest failure, in the provider's words. */
  lastError: { reason: string | null; at: Date } | null;
}

/** One try of a message through an account. */
export interface AccountAttempt {
  notificationId: string;
  deliveryId: string;
  number: number;
  channel: string;
  address: string;
  outcome: string;
  /** The provider's words, when it was not sent. */
  reason: string | null;
  startedAt: Date;
  durationMs: number;
}

const dayMs = 86_400_000;
/** Newest deliveries looked at: no tenant's flood may make a page slow. */
const maxDeliveries = 2_000;
const maxListed = 50;

/** The attempts of a tenant's newest deliveries of the last day. */
const recent = ({ tenantId, mode }: Owner) => Prisma.sql`
  (SELECT id, notification_id, channel, address FROM delivery
   WHERE tenant_id = ${tenantId}::uuid AND id >= ${firstUuidAt(Date.now() - dayMs)}::uuid AND mode = ${mode}
   ORDER BY id DESC LIMIT ${maxDeliveries}) AS d
  JOIN attempt AS a ON a.delivery_id = d.id AND a.tenant_id = ${tenantId}::uuid AND a.account IS NOT NULL`;

/**
 * How each account has fared with the newest 2,000 deliveries of the last day.
 * @returns by the account's id as attempts hold it: a tenant's by its UUID, the platform's by its name
 */
export async function summarizeAttempts(database: Database, owner: Owner): Promise<Map<string, AttemptSummary>> {
  const rows = await database.$queryRaw<SummaryRow[]>`
    SELECT a.account, count(*)::int AS attempts, count(*) FILTER (WHERE a.outcome <> 'sent')::int AS failed,
      percentile_disc(0.5) WITHIN GROUP (ORDER BY a.duration_ms) AS "medianMs", max(a.started_at) AS "lastAt",
      max(a.started_at) FILTER (WHERE a.outcome <> 'sent') AS "failedAt",
      (array_agg(a.reason ORDER BY a.started_at DESC) FILTER (WHERE a.outcome <> 'sent'))[1] AS reason
    FROM ${recent(owner)} GROUP BY a.account`;
  return new Map(
    rows.map(({ account, failedAt, reason, ...rest }) => [
      account,
      { ...rest, lastError: failedAt && { reason, at: failedAt } },
    ]),
  );
}

type SummaryRow = Omit<AttemptSummary, "lastError"> & { account: string; failedAt: Date | null; reason: string | null };

/** Up to 50 attempts of the last day by one account, newest first. @param account as attempts hold it */
export async function listRecentAttempts(database: Database, owner: Owner, account: string): Promise<AccountAttempt[]> {
  const rows = await database.$queryRaw<AccountAttempt[]>`
    SELECT d.notification_id AS "notificationId", d.id AS "deliveryId", a.number, d.channel, d.address, a.outcome, a.reason,
      a.started_at AS "startedAt", a.duration_ms AS "durationMs"
    FROM ${recent(owner)} WHERE a.account = ${account}
    ORDER BY a.started_at DESC LIMIT ${maxListed}`;
  return rows.map((row) => ({
    ...row,
    notificationId: publicId("notification", row.notificationId),
    deliveryId: publicId("delivery", row.deliveryId),
  }));
}
