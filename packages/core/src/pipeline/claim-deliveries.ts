import type { Database } from "@tidings/db/client";
import { idsBeginningLike } from "@tidings/shared/ids";
import type { Mode } from "@tidings/shared/modes";
import { type FoundSuppression, suppressionOf } from "../suppressions/suppression-of";
import { spanOfIds } from "./span-of-ids";

/** A delivery this worker may try now, with everything needed to send it. */
export interface ClaimedDelivery {
  id: string;
  tenantId: string;
  mode: Mode;
  notificationId: string;
  channel: string;
  address: string;
  recipientId: string | null;
  priority: number;
  siblings: number;
  /** This claim, counted from 1: its outcome counts only while no later one was made. */
  claim: number;
  /** The first try of this claim, counted from 1 over all tries. */
  attempt: number;
  /** Counts like `attempt`, but all tries of a claim once: how often it may be tried does not depend on how many accounts there are. */
  round: number;
  /** Whether an earlier claim ended without an outcome: its attempt may have reached the provider. */
  ambiguous: boolean;
  /**
   * The account whose attempt ended in doubt and may be repeated there, since it takes the same key twice. Of one that is
   * suppressed any whose attempt may have sent it: empty where nobody knows which.
   */
  doubtful: string | null;
  category: string | null;
  /** Whether it goes out although the person unsubscribed: then it carries no offer to. */
  isTransactional: boolean;
  isBulk: boolean;
  /** Whether its tenant wants to know of opens and clicks of emails. */
  tracksOpens: boolean;
  tracksClicks: boolean;
  templateId: string | null;
  templateVersion: number | null;
  data: Record<string, unknown> | null;
  content: Record<string, unknown> | null;
  locale: string | null;
  recipientLocale: string | null;
  timeZone: string | null;
  recipientData: Record<string, unknown> | null;
  /** Why it must not be sent after all: a suppression that may have come after it was queued, and even after an attempt. */
  suppression: FoundSuppression | null;
}

/**
 * What a claim came to: the delivery; or how long it is not to be had, because another worker has it or its next attempt
 * is not due; or null when it is settled.
 */
export type Claim = { delivery: ClaimedDelivery } | { busyForMs: number } | null;

/** Longest a claim holds without an outcome: an attempt with its time limit of 20 s, and a slow report. */
const lease = "30 seconds";

/**
 * QUEUED, or SENDING whose lease has run out, → SENDING. Whoever loses gets null or how long to wait.
 * By the database's clock, so that a worker's own may be wrong.
 * @param options `takesOver`: false leaves alone what another worker has not told the end of, even when its lease has run out
 */
export async function claimDeliveries(
  database: Database,
  jobs: readonly { id: string; tenantId: string }[],
  { takesOver = true } = {},
): Promise<Claim[]> {
  const ids = jobs.map((job) => job.id);
  const tenantIds = jobs.map((job) => job.tenantId);
  const { first, last } = spanOfIds(ids);
  const [firstNotification, lastNotification] = [idsBeginningLike(first).first, idsBeginningLike(last).last];
  const [{ claimed }] = await database.direct.$queryRaw<[{ claimed: ClaimedDelivery[] }]>`
    WITH claimed AS (
      UPDATE delivery AS d
      SET status = 'SENDING', attempt = d.attempt + 1, lease_until = clock_timestamp() + ${lease}::interval,
        next_attempt_at = NULL
      FROM unnest(${ids}::uuid[], ${tenantIds}::uuid[]) AS given (id, tenant_id)
      WHERE d.id = ANY(${ids}::uuid[]) AND d.id BETWEEN ${first}::uuid AND ${last}::uuid
        AND d.id = given.id AND d.tenant_id = given.tenant_id
        AND ((d.status = 'QUEUED' AND (d.next_attempt_at IS NULL OR d.next_attempt_at <= clock_timestamp()))
          OR (${takesOver} AND d.status = 'SENDING' AND d.lease_until <= clock_timestamp()))
      RETURNING d.*, old.status = 'SENDING' AS ambiguous
    ),
    whole AS (
      SELECT c.id, c.tenant_id AS "tenantId", c.mode, c.notification_id AS "notificationId", c.channel, c.address,
        c.recipient_id AS "recipientId", c.priority, c.siblings,
        c.attempt AS claim, c.attempt - c.busy AS attempt, c.attempt - c.busy - c.failed_over AS round, c.ambiguous,
        c.doubtful_account AS doubtful,
        n.category, n.bulk AS "isBulk", coalesce(k.transactional, false) AS "isTransactional",
        t.tracks_opens AS "tracksOpens", t.tracks_clicks AS "tracksClicks", n.template_id AS "templateId", n.template_version AS "templateVersion", n.data,
        n.content -> c.channel AS content, n.locale,
        r.locale AS "recipientLocale", r.time_zone AS "timeZone", r.data AS "recipientData",
        (SELECT row_to_json(s) FROM ${suppressionOf} AS s) AS suppression
      FROM claimed AS c
      CROSS JOIN LATERAL (
        SELECT * FROM notification
        WHERE id = c.notification_id AND tenant_id = c.tenant_id
          AND id BETWEEN ${firstNotification}::uuid AND ${lastNotification}::uuid
        OFFSET 0 -- a look into the primary key for each, never a join over the span
      ) AS n
      JOIN tenant AS t ON t.id = c.tenant_id
      LEFT JOIN category AS k ON k.tenant_id = c.tenant_id AND k.key = n.category
      LEFT JOIN recipient AS r ON r.tenant_id = c.tenant_id AND r.id = c.recipient_id
      CROSS JOIN LATERAL (SELECT c.tenant_id, c.channel, c.address, c.priority, n.category) AS v
    )
    SELECT coalesce(json_agg(whole), '[]') AS claimed FROM whole`;
  await addDoubt(database, claimed);
  const byId = new Map<string, Claim>(claimed.map((delivery) => [delivery.id, { delivery }]));
  if (byId.size < jobs.length)
    await addBusy(
      database,
      jobs.filter((job) => !byId.has(job.id)),
      byId,
    );
  // A delivery that came into the queues twice may stand in one batch twice: its claim is for one of them.
  return jobs.map(({ id }) => {
    const claim = byId.get(id) ?? null;
    byId.delete(id);
    return claim;
  });
}

/** Marks what was suppressed since and may have been sent before: where not every attempt is known to have failed. */
async function addDoubt(database: Database, claimed: readonly ClaimedDelivery[]): Promise<void> {
  const tried = claimed.filter(({ suppression, doubtful, attempt }) => suppression && doubtful === null && attempt > 1);
  if (tried.length === 0) return;
  const failed = await countFailed(database, tried);
  for (const delivery of tried) if (delivery.attempt - 1 > (failed.get(delivery.id) ?? 0)) delivery.doubtful = "";
}

/** How many attempts of each delivery certainly sent nothing. */
async function countFailed(
  database: Database,
  deliveries: readonly { id: string; tenantId: string }[],
): Promise<Map<string, number>> {
  const ids = deliveries.map(({ id }) => id);
  const rows = await database.direct.$queryRaw<{ id: string; failed: number }[]>`
    SELECT delivery_id AS id, count(*)::int AS failed FROM attempt
    WHERE delivery_id = ANY(${ids}::uuid[]) AND tenant_id = ANY(${deliveries.map(({ tenantId }) => tenantId)}::uuid[])
      AND outcome IN ('deferred', 'rejected')
    GROUP BY delivery_id`;
  return new Map(rows.map(({ id, failed }) => [id, failed]));
}

/** Deliveries that another worker has claimed, at work or gone, and those whose next attempt is not due. */
async function addBusy(
  database: Database,
  lost: readonly { id: string; tenantId: string }[],
  claims: Map<string, Claim>,
): Promise<void> {
  const ids = lost.map((job) => job.id);
  const busy = await database.direct.$queryRaw<{ id: string; busyForMs: number }[]>`
    SELECT d.id, ceil(greatest(0, extract(epoch FROM
      CASE d.status WHEN 'SENDING' THEN d.lease_until ELSE d.next_attempt_at END - clock_timestamp()) * 1000))::int AS "busyForMs"
    FROM unnest(${ids}::uuid[], ${lost.map((job) => job.tenantId)}::uuid[]) AS given (id, tenant_id)
    JOIN delivery AS d ON d.id = given.id AND d.tenant_id = given.tenant_id
    WHERE d.id = ANY(${ids}::uuid[]) AND (d.status = 'SENDING' OR (d.status = 'QUEUED' AND d.next_attempt_at IS NOT NULL))`;
  for (const { id, busyForMs } of busy) claims.set(id, { busyForMs });
}
