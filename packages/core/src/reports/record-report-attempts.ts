import type { Database } from "@tidings/db/client";
import type { ClaimedReport } from "./claim-reports";
import { endpointWants, type WrittenReport } from "./write-reports";

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

/** What recording attempts brought about: endpoints that are disabled, and what other endpoints are told of it. */
export interface RecordedAttempts {
  disabled: DisabledEndpoint[];
  written: WrittenReport[];
}

/** An endpoint to which nothing got through for so long is disabled, as Svix does: https://docs.svix.com/retries */
const failingFor = "5 days";
/** After so long without an attempt the count begins again: two failures far apart say little of the days between. */
const longestPause = "2 days";
/** How exactly the last failure is known: not every batch of a failing endpoint writes its row. */
const noteEvery = "1 hour";

/**
 * Records attempts in one statement: the attempts, what the reports became, and since when their endpoints fail. An
 * endpoint that is gone, or has failed for five days without a pause of two, is disabled by it, and its tenant's other
 * endpoints are told.
 */
export async function recordReportAttempts(
  database: Database,
  attempts: readonly ReportAttempt[],
): Promise<RecordedAttempts> {
  const rows = attempts.map(({ report, ...attempt }) => ({
    id: report.id,
    tenant_id: report.tenantId,
    endpoint_id: report.endpointId,
    number: report.attempt,
    outcome: attempt.outcome,
    status_code: attempt.statusCode,
    response: storable(attempt.response),
    reason: storable(attempt.reason),
    started_at: attempt.startedAt,
    duration_ms: Math.round(attempt.durationMs),
    retry_in_ms: attempt.retryInMs,
    is_gone: attempt.isGone,
  }));
  const ids = attempts.map(({ report }) => report.id);
  const endpointIds = [...new Set(attempts.map(({ report }) => report.endpointId))];
  // Endpoints are locked in one order everywhere, so that two batches that share some never wait for each other for ever.
  const [recorded] = await database.direct.$queryRaw<[RecordedAttempts]>`
    WITH given AS (
      SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json) AS t (
        id uuid, tenant_id uuid, endpoint_id uuid, number smallint, outcome text, status_code smallint, response text,
        reason text, started_at timestamptz, duration_ms int, retry_in_ms float8, is_gone boolean)
    ),
    attempted AS (
      INSERT INTO report_attempt (
        report_id, tenant_id, number, outcome, status_code, response, reason, started_at, duration_ms)
      SELECT id, tenant_id, number, outcome, status_code, response, reason, started_at, duration_ms FROM given
      ON CONFLICT DO NOTHING
    ),
    moved AS (
      UPDATE report AS r
      SET status = CASE g.outcome WHEN 'delivered' THEN 'DELIVERED' WHEN 'failed' THEN 'FAILED' ELSE 'PENDING' END,
        lease_until = NULL, next_attempt_at = clock_timestamp() + g.retry_in_ms * interval '1 millisecond',
        settled_at = CASE WHEN g.outcome <> 'deferred' THEN clock_timestamp() END
      FROM given AS g
      WHERE r.id = ANY(${ids}::uuid[]) AND r.id = g.id AND r.tenant_id = g.tenant_id
        AND r.status = 'PENDING' AND r.attempts = g.number
    ),
    reached AS (
      SELECT endpoint_id, tenant_id, bool_or(outcome = 'delivered') AS delivered, bool_or(is_gone) AS gone
      FROM given GROUP BY endpoint_id, tenant_id
    ),
    changing AS (
      SELECT e.id, r.delivered, r.gone, failure.since,
        e.enabled AND (r.gone OR (NOT r.delivered AND failure.since <= now() - ${failingFor}::interval)) AS ends
      FROM reached AS r JOIN endpoint AS e ON e.id = r.endpoint_id AND e.tenant_id = r.tenant_id
      CROSS JOIN LATERAL (
        SELECT coalesce(CASE WHEN e.last_failed_at > now() - ${longestPause}::interval THEN e.failing_since END, now()) AS since
      ) AS failure
      WHERE e.id = ANY(${endpointIds}::uuid[])
        AND CASE WHEN r.delivered AND NOT r.gone THEN e.failing_since IS NOT NULL
          ELSE e.failing_since IS NULL OR coalesce(e.last_failed_at <= now() - ${noteEvery}::interval, true)
            OR (e.enabled AND (r.gone OR failure.since <= now() - ${failingFor}::interval)) END
      ORDER BY e.id FOR NO KEY UPDATE OF e
    ),
    changed AS (
      UPDATE endpoint AS e
      SET failing_since = CASE WHEN NOT c.delivered THEN c.since END,
        last_failed_at = CASE WHEN c.delivered THEN e.last_failed_at ELSE now() END,
        enabled = e.enabled AND NOT c.ends,
        disabled_reason = CASE WHEN NOT c.ends THEN e.disabled_reason
          WHEN c.gone THEN 'It answered 410 Gone.' ELSE 'Nothing got through to it for 5 days.' END,
        updated_at = CASE WHEN c.ends THEN now() ELSE e.updated_at END
      FROM changing AS c WHERE e.id = ANY(${endpointIds}::uuid[]) AND e.id = c.id
      RETURNING e.id, e.tenant_id, e.mode, e.url, e.disabled_reason AS reason, e.failing_since, c.ends
    ),
    disabled AS (
      SELECT *, 'endpoint.disabled' AS type, NULL AS channel, NULL AS category FROM changed WHERE ends
    ),
    told AS (
      INSERT INTO report (tenant_id, mode, endpoint_id, type, facts)
      SELECT v.tenant_id, v.mode, e.id, v.type,
        jsonb_build_object('id', v.id, 'url', v.url, 'reason', v.reason, 'failingSince',
          to_char(coalesce(v.failing_since, now()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      FROM disabled AS v JOIN endpoint AS e ON ${endpointWants}
      WHERE e.id NOT IN (SELECT id FROM disabled) -- this statement still sees them enabled
      RETURNING id, endpoint_id AS "endpointId"
    )
    SELECT
      (SELECT coalesce(json_agg(json_build_object('id', id, 'tenantId', tenant_id, 'url', url, 'reason', reason)), '[]')
        FROM disabled) AS disabled,
      (SELECT coalesce(json_agg(told), '[]') FROM told) AS written`;
  return recorded;
}

/** An endpoint's words as Postgres can store them. */
function storable(words: string | null): string | null {
  return words === null ? null : words.replaceAll("\u0000", "").toWellFormed();
}
