import type { Database } from "@tidings/db/client";

/** A report this worker may send now, with its endpoint. */
export interface ClaimedReport {
  id: string;
  tenantId: string;
  endpointId: string;
  type: string;
  facts: Record<string, unknown>;
  sequence: number;
  /** This attempt, counted from 1. */
  attempt: number;
  createdAt: string;
  url: string;
  sealedSecret: string;
  /** Null unless it is still valid. */
  sealedPreviousSecret: string | null;
  sealedHeaders: string | null;
}

/** What a claim came to: the report; or how long it is not to be had; or null when it is settled. */
export type ReportClaim = { report: ClaimedReport } | { busyForMs: number } | null;

/** Longest a claim holds without an outcome: an attempt with its time limit of 20 s, and a slow write. */
const lease = "30 seconds";

/**
 * Claims reports that are PENDING and due, many at a time, by the database's clock. Those of an endpoint that was disabled
 * or removed fail here, with the rest of their story kept: they are sent again by `recoverReports`.
 */
export async function claimReports(database: Database, ids: readonly string[]): Promise<ReportClaim[]> {
  const [{ claimed, busy }] = await database.direct.$queryRaw<
    [{ claimed: ClaimedReport[]; busy: { id: string; busyForMs: number }[] }]
  >`
    WITH due AS (
      SELECT r.id, e.id IS NOT NULL AS "isEnabled",
        greatest(r.lease_until, r.next_attempt_at) - clock_timestamp() AS wait
      FROM report AS r LEFT JOIN endpoint AS e ON e.id = r.endpoint_id AND e.tenant_id = r.tenant_id AND e.enabled
      WHERE r.id = ANY(${ids}::uuid[]) AND r.status = 'PENDING'
      FOR UPDATE OF r SKIP LOCKED
    ),
    given_up AS (
      UPDATE report AS r SET status = 'FAILED', settled_at = clock_timestamp(), lease_until = NULL, next_attempt_at = NULL
      FROM due WHERE r.id = ANY(${ids}::uuid[]) AND r.id = due.id AND NOT due."isEnabled"
    ),
    claimed AS (
      UPDATE report AS r
      SET attempts = r.attempts + 1, lease_until = clock_timestamp() + ${lease}::interval, next_attempt_at = NULL
      FROM due
      WHERE r.id = ANY(${ids}::uuid[]) AND r.id = due.id AND due."isEnabled"
        AND coalesce(due.wait, '0') <= '0'
      RETURNING r.*
    ),
    whole AS (
      SELECT c.id, c.tenant_id AS "tenantId", c.endpoint_id AS "endpointId", c.type, c.facts, c.sequence,
        c.attempts AS attempt, c.created_at AS "createdAt", e.url, e.sealed_secret AS "sealedSecret",
        CASE WHEN e.previous_until > clock_timestamp() THEN e.sealed_previous_secret END AS "sealedPreviousSecret",
        e.sealed_headers AS "sealedHeaders"
      FROM claimed AS c JOIN endpoint AS e ON e.id = c.endpoint_id AND e.tenant_id = c.tenant_id
    ),
    waiting AS (
      SELECT id, ceil(extract(epoch FROM wait) * 1000)::float8 AS "busyForMs" FROM due WHERE "isEnabled" AND wait > '0'
    )
    SELECT (SELECT coalesce(json_agg(whole), '[]') FROM whole) AS claimed,
      (SELECT coalesce(json_agg(waiting), '[]') FROM waiting) AS busy`;
  const claims = new Map<string, ReportClaim>(claimed.map((report) => [report.id, { report }]));
  for (const { id, busyForMs } of busy) claims.set(id, { busyForMs });
  // One that came into the queue twice may stand in one batch twice: its claim is for one of them.
  return ids.map((id) => {
    const claim = claims.get(id) ?? null;
    claims.delete(id);
    return claim;
  });
}
