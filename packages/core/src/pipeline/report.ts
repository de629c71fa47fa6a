import type { InAppContent } from "@tidings/channels/channels/in-app";
import type { Database, Statements } from "@tidings/db/client";
import { createBatcher } from "@tidings/runtime/batcher";
import type { Logger } from "@tidings/runtime/logger";
import type { Metrics } from "@tidings/runtime/metrics";
import { isDataError } from "../postgres-errors";
import type { QueueReports } from "../reports/queue-reports";
import { deliveryFacts, notificationFacts } from "../reports/report-facts";
import { endpointWants, type WrittenReport } from "../reports/write-reports";
import { whenPostgresIsBack } from "../when-postgres-is-back";
import type { ClaimedDelivery } from "./claim-deliveries";
import type { AttemptResult } from "./decide-outcome";
import { rollUpNotifications } from "./roll-up-notifications";
import { spanOfIds } from "./span-of-ids";

/** One try at a provider account. */
export interface Try {
  /** Counted from 1 over all tries of the delivery. */
  number: number;
  /** Empty when none could be chosen. */
  provider: string;
  /** The provider account, and why it was chosen; null when none was. */
  account: string | null;
  choice: string | null;
  /** Whether receipts will tell of the message by the provider's own id. */
  hasReceipts: boolean;
  startedAt: Date;
  durationMs: number;
  outcome: AttemptResult["outcome"];
  reason: string | null;
  providerMessageId: string | null;
}

/** One claim's tries that are over: those that another account took over from, and the one that decides. */
export interface AttemptReport {
  delivery: ClaimedDelivery;
  earlier: readonly Try[];
  last: Try;
  result: AttemptResult;
  /** Where the next attempt repeats one whose outcome is in doubt, under the same key. */
  doubtful: string | null;
  /** What was sent, when something was. */
  content: unknown;
}

export interface ReportDeps {
  database: Database;
  queueReports: QueueReports;
  logger: Logger;
  metrics: Metrics;
}

/** How long outcomes that are not critical gather: one statement costs as much as writing thirty of them. */
const gatherMs = 20;
/** Longest words kept of a provider; some are wordy. */
const maxWordsLength = 1_000;

/**
 * Stage 6. The only writer of what attempts came to. Many at a time: one transaction moves the deliveries that are still
 * this attempt's, writes the attempts, counts usage from the rows that moved, fills inboxes, rolls the notifications up and
 * writes a report for each endpoint that wants to know. An attempt whose lease was taken over is recorded and moves nothing.
 */
export function createReport({ database, queueReports, logger, metrics }: ReportDeps) {
  async function run(reports: readonly AttemptReport[]): Promise<readonly undefined[]> {
    const started = performance.now();
    // What a provider has accepted must not be forgotten.
    const { moved, written } = await whenPostgresIsBack(logger, () => record(database, reports));
    void queueReports(written); // it never throws
    for (const { channel, status, count } of moved) metrics.outcome.inc({ channel, status }, count);
    metrics.stageSeconds.observe({ stage: "report" }, (performance.now() - started) / 1_000);
    return reports.map(() => undefined);
  }

  const batcher = (gapMs: number) =>
    createBatcher({ maxBatch: 100, concurrency: 2, gapMs, maxWaiting: 10_000, run, isDataError });
  const reports = { urgent: batcher(0), others: batcher(gatherMs) };
  const report = (attempt: AttemptReport) =>
    (attempt.delivery.priority === 0 ? reports.urgent : reports.others).add(attempt);
  return Object.assign(report, { drain: () => Promise.all([reports.urgent.drain(), reports.others.drain()]) });
}

export type Report = ReturnType<typeof createReport>;

interface Recorded {
  /** Deliveries that moved, counted. */
  moved: readonly { channel: string; status: string; count: number }[];
  written: readonly WrittenReport[];
}

/** Most batches are one statement, a transaction by itself; siblings and dead devices need several in one. */
async function record(database: Database, reports: readonly AttemptReport[]): Promise<Recorded> {
  const shared = reports.filter(({ delivery, result }) => delivery.siblings > 1 && result.status !== "QUEUED");
  const family = shared.map(({ delivery }) => ({ id: delivery.notificationId, tenantId: delivery.tenantId }));
  const dead = reports.filter(({ delivery, result }) => result.addressDead && delivery.mode === "live");
  if (family.length === 0 && dead.length === 0) return await moveDeliveries(database.direct, reports);
  return await database.direct.transaction(async (transaction) => {
    // Siblings settled by two workers at once would each find the other still open: they take turns instead.
    if (family.length > 0) await lockNotifications(transaction, family);
    const { moved, written } = await moveDeliveries(transaction, reports);
    const rolledUp = family.length > 0 ? await rollUpNotifications(transaction, family) : [];
    if (dead.length > 0) await removeDeadDevices(transaction, dead);
    return { moved, written: [...written, ...rolledUp] };
  });
}

async function lockNotifications(transaction: Statements, notifications: readonly { id: string; tenantId: string }[]) {
  const ids = notifications.map(({ id }) => id);
  await transaction.$queryRaw`
    SELECT 1 FROM notification
    WHERE id = ANY(${ids}::uuid[]) AND tenant_id = ANY(${notifications.map(({ tenantId }) => tenantId)}::uuid[])
    ORDER BY id FOR UPDATE`;
}

async function moveDeliveries(transaction: Statements, reports: readonly AttemptReport[]): Promise<Recorded> {
  const rows = reports.map(({ delivery, earlier, last, result, doubtful, content }) => {
    const item = delivery.channel === "in_app" && result.status === "SENT" ? (content as InAppContent) : null;
    return {
      ...tryRow(delivery, last),
      claim: delivery.claim,
      tries: earlier.length,
      category: delivery.category ?? "",
      has_receipts: last.hasReceipts,
      status: result.status,
      units: result.units,
      retry_in_ms: result.retryInMs,
      doubtful_account: doubtful,
      ...(item && { title: item.title, body: item.body, action_url: item.actionUrl, data: item.data }),
    };
  });
  const earlier = reports.flatMap(({ delivery, earlier }) => earlier.map((one) => tryRow(delivery, one)));
  const ids = reports.map(({ delivery }) => delivery.id);
  const span = spanOfIds(ids);
  const [recorded] = await transaction.$queryRaw<[Recorded]>`
    WITH given AS (
      SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json) AS t (
        id uuid, tenant_id uuid, claim smallint, tries smallint, attempt smallint, category text, provider text, account text,
        choice text, has_receipts boolean, started_at timestamptz, duration_ms int, outcome text, status text, reason text,
        provider_message_id text, units int, retry_in_ms int, doubtful_account text,
        title text, body text, action_url text, data jsonb)
    ),
    attempted AS (
      INSERT INTO attempt (
        tenant_id, delivery_id, number, provider, account, choice, outcome, reason, provider_message_id, started_at,
        duration_ms)
      SELECT tenant_id, id, attempt, provider, account, choice, outcome, reason, provider_message_id, started_at, duration_ms
      FROM given WHERE outcome NOT IN ('busy', 'skipped')
      UNION ALL
      SELECT tenant_id, id, attempt, provider, account, choice, outcome, reason, provider_message_id, started_at, duration_ms
      FROM json_to_recordset(${JSON.stringify(earlier)}::json) AS t (
        id uuid, tenant_id uuid, attempt smallint, provider text, account text, choice text, started_at timestamptz,
        duration_ms int, outcome text, reason text, provider_message_id text)
      ON CONFLICT DO NOTHING
    ),
    receipts_expected AS (
      INSERT INTO sent_message (account, provider_message_id, tenant_id, delivery_id, units)
      SELECT account, provider_message_id, tenant_id, id, units
      FROM given WHERE has_receipts AND provider_message_id IS NOT NULL
      ON CONFLICT DO NOTHING
    ),
    moved AS (
      UPDATE delivery AS d
      SET status = g.status, attempt = d.attempt + g.tries, failed_over = d.failed_over + g.tries, busy = d.busy + (g.outcome = 'busy')::int, provider = g.provider, reason = g.reason,
        provider_message_id = g.provider_message_id, units = g.units, lease_until = NULL,
        doubtful_account = g.doubtful_account,
        next_attempt_at = clock_timestamp() + g.retry_in_ms * interval '1 millisecond',
        sent_at = CASE WHEN g.status = 'SENT' THEN clock_timestamp() END,
        settled_at = CASE WHEN g.status <> 'QUEUED' THEN clock_timestamp() END
      FROM given AS g
      WHERE d.id = ANY(${ids}::uuid[]) AND d.id BETWEEN ${span.first}::uuid AND ${span.last}::uuid
        AND d.id = g.id AND d.tenant_id = g.tenant_id
        AND d.status = 'SENDING' AND d.attempt = g.claim
      RETURNING d.id, d.tenant_id, d.mode, d.notification_id, d.recipient_id, d.channel, d.address, d.status, d.siblings,
        d.provider, d.provider_message_id, d.reason, d.units, d.created_at, g.attempt, g.category, g.title, g.body, g.action_url, g.data
    ),
    counted AS (
      INSERT INTO usage (tenant_id, day, mode, channel, provider, category, sent, failed, units)
      SELECT tenant_id, (CASE status WHEN 'FAILED' THEN created_at ELSE now() END AT TIME ZONE 'UTC')::date AS day,
        mode, channel, provider, category,
        count(*) FILTER (WHERE status = 'SENT'), count(*) FILTER (WHERE status = 'FAILED'),
        coalesce(sum(units) FILTER (WHERE status = 'SENT'), 0)
      FROM moved WHERE status IN ('SENT', 'FAILED')
      GROUP BY tenant_id, mode, channel, provider, category, day
      ORDER BY tenant_id, mode, channel, provider, category, day
      ON CONFLICT (tenant_id, day, mode, channel, provider, category)
      DO UPDATE SET sent = usage.sent + excluded.sent, failed = usage.failed + excluded.failed,
        units = usage.units + excluded.units
    ),
    delivered_in_app AS (
      INSERT INTO inbox_item (id, tenant_id, mode, recipient_id, title, body, action_url, data)
      SELECT id, tenant_id, mode, recipient_id, title, body, action_url, data
      FROM moved WHERE title IS NOT NULL AND recipient_id IS NOT NULL
      ON CONFLICT DO NOTHING
    ),
    settled AS (
      UPDATE notification AS n
      SET status = CASE WHEN m.status IN ('FAILED', 'SKIPPED') THEN m.status ELSE 'SENT' END,
        reason = CASE m.status WHEN 'SKIPPED' THEN m.reason ELSE n.reason END, settled_at = clock_timestamp()
      FROM moved AS m
      WHERE n.id = m.notification_id AND n.tenant_id = m.tenant_id
        AND m.siblings = 1 AND m.status <> 'QUEUED' AND n.status = 'PROCESSING'
      RETURNING n.*
    ),
    told AS (
      INSERT INTO report (tenant_id, mode, endpoint_id, type, notification_id, facts)
      SELECT v.tenant_id, v.mode, e.id, v.type, v.notification_id, ${deliveryFacts}
      FROM (
        SELECT *, 'delivery.' || lower(status) AS type FROM moved WHERE status <> 'QUEUED') AS v
      JOIN endpoint AS e ON ${endpointWants}
      UNION ALL
      SELECT v.tenant_id, v.mode, e.id, v.type, v.id, ${notificationFacts}
      FROM (
        SELECT *, 'notification.' || lower(status) AS type, NULL AS channel FROM settled) AS v
      JOIN endpoint AS e ON ${endpointWants}
      RETURNING id, endpoint_id AS "endpointId"
    )
    SELECT
      (SELECT coalesce(json_agg(counts), '[]') FROM (
        SELECT channel, status, count(*)::int AS count FROM moved GROUP BY channel, status) AS counts) AS moved,
      (SELECT coalesce(json_agg(told), '[]') FROM told) AS written`;
  return recorded;
}

function tryRow(delivery: ClaimedDelivery, one: Try) {
  return {
    id: delivery.id,
    tenant_id: delivery.tenantId,
    attempt: one.number,
    provider: one.provider,
    account: one.account,
    choice: one.choice,
    started_at: one.startedAt,
    duration_ms: Math.round(one.durationMs),
    outcome: one.outcome,
    reason: storable(one.reason),
    provider_message_id: storable(one.providerMessageId),
  };
}

/** A provider's words as Postgres can store them. */
function storable(words: string | null): string | null {
  return words === null ? null : words.replaceAll("\u0000", "").slice(0, maxWordsLength).toWellFormed();
}

/** A push token its provider no longer knows is nobody's: the device goes. */
async function removeDeadDevices(transaction: Statements, dead: readonly AttemptReport[]): Promise<void> {
  await transaction.$executeRaw`
    DELETE FROM device
    USING unnest(
      ${dead.map(({ delivery }) => delivery.tenantId)}::uuid[],
      ${dead.map(({ delivery }) => delivery.address)}::text[]) AS given (tenant_id, token)
    WHERE device.tenant_id = given.tenant_id AND device.token = given.token`;
}
