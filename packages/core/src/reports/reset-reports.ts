import type { Database } from "@tidings/db/client";
import type { WrittenReport } from "./write-reports";

/** When the sweep looks at what the queue may have lost, in seconds. */
const lookAgainSeconds = 30;

/**
 * Makes reports due now, those being posted at this moment left out. They are listed for the sweep in the same statement,
 * because its mark has passed them long ago.
 * @param ids UUIDs, of one tenant
 * @returns what is to be queued
 */
export async function resetReports(
  database: Database,
  tenantId: string,
  ids: readonly string[],
): Promise<WrittenReport[]> {
  return await database.$queryRaw<WrittenReport[]>`
    WITH reset AS (
      UPDATE report SET status = 'PENDING', next_attempt_at = NULL, lease_until = NULL, settled_at = NULL
      WHERE id = ANY(${ids}::uuid[]) AND tenant_id = ${tenantId}::uuid
        AND (lease_until IS NULL OR lease_until < clock_timestamp())
      RETURNING id, endpoint_id
    ),
    listed AS (
      INSERT INTO report_schedule (report_id, endpoint_id, due_at)
      SELECT id, endpoint_id, clock_timestamp() + make_interval(secs => ${lookAgainSeconds}) FROM reset
      ON CONFLICT (report_id) DO UPDATE SET due_at = excluded.due_at
    )
    SELECT id, endpoint_id AS "endpointId" FROM reset ORDER BY id`;
}
