import type { Statements } from "@tidings/db/client";
import { idsBeginningLike } from "@tidings/shared/ids";
import { notificationFacts } from "../reports/report-facts";
import { endpointWants, type WrittenReport } from "../reports/write-reports";

/**
 * Sets notifications to what their deliveries make of them: `rollUp` of `@tidings/shared/lifecycles`, as a statement; and
 * writes a report for each endpoint that wants to know. A notification that was settled moves on only as `notificationMoves`
 * allows, after a late bounce. Whoever calls it holds the row locks of those with several deliveries.
 */
export async function rollUpNotifications(
  transaction: Statements,
  notifications: readonly { id: string; tenantId: string }[],
): Promise<WrittenReport[]> {
  const ids = [...new Set(notifications.map(({ id }) => id))];
  const ranges = ids.map((id) => idsBeginningLike(id));
  return await transaction.$queryRaw<WrittenReport[]>`
    WITH settled AS (
      UPDATE notification AS n
      SET status = rolled.status, settled_at = clock_timestamp()
      FROM (
        SELECT d.notification_id, d.tenant_id,
          CASE
            WHEN bool_and(d.status = 'SKIPPED') THEN 'SKIPPED'
            WHEN bool_and(d.status IN ('FAILED', 'BOUNCED', 'SKIPPED')) THEN 'FAILED'
            WHEN bool_or(d.status IN ('FAILED', 'BOUNCED')) THEN 'PARTIAL'
            ELSE 'SENT'
          END AS status
        FROM unnest(
          ${ids}::uuid[],
          ${ranges.map(({ first }) => first)}::uuid[],
          ${ranges.map(({ last }) => last)}::uuid[]) AS given (id, first, last)
        CROSS JOIN LATERAL (
          SELECT * FROM delivery
          WHERE id BETWEEN given.first AND given.last AND notification_id = given.id
          OFFSET 0 -- a range of the primary key for each, never a join over the table
        ) AS d
        GROUP BY d.notification_id, d.tenant_id
        HAVING bool_and(d.status NOT IN ('QUEUED', 'SENDING'))
      ) AS rolled
      WHERE n.id = ANY(${ids}::uuid[]) AND n.id = rolled.notification_id AND n.tenant_id = rolled.tenant_id
        AND (n.status = 'PROCESSING' OR (n.status = 'SENT' AND rolled.status IN ('PARTIAL', 'FAILED'))
          OR (n.status = 'PARTIAL' AND rolled.status = 'FAILED'))
      RETURNING n.*
    )
    INSERT INTO report (tenant_id, mode, endpoint_id, type, notification_id, facts)
    SELECT v.tenant_id, v.mode, e.id, v.type, v.id, ${notificationFacts}
    FROM (SELECT *, 'notification.' || lower(status) AS type, NULL AS channel FROM settled) AS v
    JOIN endpoint AS e ON ${endpointWants}
    RETURNING id, endpoint_id AS "endpointId"`;
}
