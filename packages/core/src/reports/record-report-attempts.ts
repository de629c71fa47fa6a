import type { Database } from "@tidings/db/client";
import type { ClaimedReport } from "./claim-reports";
import { type WrittenReport, writeReports } from "./write-reports";

/** What became of one attempt at an endpoint. */
export interface ReportAttempt {
  report: ClaimedReport;
  outcome: "delivered" | "deferred" | "failed";
  statusCode: number | null;
  /** The beginning of what it answered. */
  response: string | null;
  reason: string | null;
  startedAt: Date;
  durationMs: number;
  /** Until the next attempt; null when there is none. */
  retryInMs: number | null;
  /** It answered 410: it wants no more. */
  isGone: boolean;
}

/** An endpoint that was disabled, and why. */
export interface DisabledEndpoint {
  id: string;
  tenantId: string;
  url: string;
  reason: string;
}

/** An endpoint to which nothing got through for so long is disabled, as Svix does: https://docs.svix.com/retries */
const failingFor = "5 days";

/**
 * Records attempts, many at a time: the attempts, what the reports became, and since when their endpoints fail. An endpoint
 * that is gone, or has failed for five days, is disabled in the same transaction that tells its tenant's other endpoints.
 */
export async function recordReportAttempts(
  database: Database,
  attempts: readonly ReportAttempt[],
): Promise<{ disabled: DisabledEndpoint[]; written: WrittenReport[] }> {
  return await database.$transaction(
    async (transaction) => {
      const ids = attempts.map(({ report }) => report.id);
      const rows = attempts.map(({ report, startedAt, ...attempt }) => ({
        id: report.id,
        tenant_id: report.tenantId,
        number: report.attempt,
        outcome: attempt.outcome,
        status_code: attempt.statusCode,
        response: attempt.response?.replaceAll("\u0000", "").toWellFormed() ?? null,
        reason: attempt.reason?.replaceAll("\u0000", "").toWellFormed() ?? null,
        started_at: startedAt,
        duration_ms: Math.round(attempt.durationMs),
        retry_in_ms: attempt.retryInMs,
      }));
      await transaction.$executeRaw`
        WITH given AS (
          SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json) AS t (
            id uuid, tenant_id uuid, number smallint, outcome text, status_code smallint, response text, reason text,
            started_at timestamptz, duration_ms int, retry_in_ms float8)
        ),
        attempted AS (
          INSERT INTO report_attempt (
            report_id, tenant_id, number, outcome, status_code, response, reason, started_at, duration_ms)
          SELECT id, tenant_id, number, outcome, status_code, response, reason, started_at, duration_ms FROM given
          ON CONFLICT DO NOTHING
        )
        UPDATE report AS r
        SET status = CASE g.outcome WHEN 'delivered' THEN 'DELIVERED' WHEN 'failed' THEN 'FAILED' ELSE 'PENDING' END,
          lease_until = NULL, next_attempt_at = clock_timestamp() + g.retry_in_ms * interval '1 millisecond',
          settled_at = CASE WHEN g.outcome <> 'deferred' THEN clock_timestamp() END
        FROM given AS g
        WHERE r.id = ANY(${ids}::uuid[]) AND r.id = g.id AND r.status = 'PENDING' AND r.attempts = g.number`;
      const delivered = attempts.filter(({ outcome }) => outcome === "delivered");
      const others = attempts.filter(({ outcome }) => outcome !== "delivered");
      if (delivered.length > 0) {
        await transaction.$executeRaw`
          UPDATE endpoint SET failing_since = NULL
          WHERE id = ANY(${endpointIds(delivered)}::uuid[]) AND tenant_id = ANY(${tenantIds(delivered)}::uuid[])
            AND failing_since IS NOT NULL`;
      }
      if (others.length === 0) return { disabled: [], written: [] };
      const gone = others.filter(({ isGone }) => isGone);
      const disabled = await transaction.$queryRaw<
        (DisabledEndpoint & { mode: "live" | "test"; failingSince: Date })[]
      >`
        WITH failing AS (
          UPDATE endpoint SET failing_since = coalesce(failing_since, now())
          WHERE id = ANY(${endpointIds(others)}::uuid[]) AND tenant_id = ANY(${tenantIds(others)}::uuid[])
            AND failing_since IS NULL
        )
        UPDATE endpoint AS e SET enabled = false, updated_at = now(),
          disabled_reason = CASE WHEN e.id = ANY(${endpointIds(gone)}::uuid[])
            THEN 'It answered 410 Gone.' ELSE 'Nothing got through to it for 5 days.' END
        WHERE e.id = ANY(${endpointIds(others)}::uuid[]) AND e.tenant_id = ANY(${tenantIds(others)}::uuid[]) AND e.enabled
          AND (e.id = ANY(${endpointIds(gone)}::uuid[]) OR e.failing_since <= now() - ${failingFor}::interval)
        RETURNING e.id, e.tenant_id AS "tenantId", e.mode, e.url, e.disabled_reason AS reason,
          coalesce(e.failing_since, now()) AS "failingSince"`;
      const written = await writeReports(
        transaction,
        disabled.map(({ id, tenantId, mode, url, reason, failingSince }) => ({
          tenantId,
          mode,
          type: "endpoint.disabled",
          facts: { id, url, reason, failingSince: failingSince.toISOString() },
        })),
      );
      return { disabled, written };
    },
    { timeout: 20_000, maxWait: 10_000 },
  );
}

const endpointIds = (attempts: readonly ReportAttempt[]) => [
  ...new Set(attempts.map(({ report }) => report.endpointId)),
];
const tenantIds = (attempts: readonly ReportAttempt[]) => [...new Set(attempts.map(({ report }) => report.tenantId))];
