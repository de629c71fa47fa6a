import { type Database, Prisma } from "@tidings/db/client";
import type { monthOf } from "@tidings/shared/plans";

/**
 * Units of rows of `usage`, as quotas count them: one of each delivery taken on, until it was sent; then what it is billed as,
 * such as the segments of an SMS, or none where it failed, in the month it was taken on in. What is skipped or stays unknown
 * keeps its one.
 */
export const quotaUnits = Prisma.sql`(accepted - failed + units - sent)`;

/**
 * Units of a tenant that count against its quotas in a month, by channel: of live deliveries, see `quotaUnits`, and of what
 * waits to become some in that month, which is schedules and whatever was accepted 20 seconds ago and is not routed yet.
 * A notification that waits counts once for each of its channels; routing tells how many deliveries it really is.
 */
export async function loadQuotaUse(
  database: Database,
  tenantId: string,
  { startMs, endMs }: ReturnType<typeof monthOf>,
): Promise<Map<string, number>> {
  const start = new Date(startMs);
  const end = new Date(endMs);
  const rows = await database.$queryRaw<{ channel: string; units: number }[]>`
    SELECT channel, greatest(sum(units), 0)::float8 AS units FROM (
      SELECT channel, ${quotaUnits} AS units FROM usage
      WHERE tenant_id = ${tenantId}::uuid AND mode = 'live'
        AND day >= (${start}::timestamptz AT TIME ZONE 'UTC')::date AND day < (${end}::timestamptz AT TIME ZONE 'UTC')::date
      UNION ALL
      SELECT unnest(n.channels) AS channel, 1 AS units
      FROM schedule AS s
      CROSS JOIN LATERAL (
        SELECT channels FROM notification
        WHERE id = s.notification_id AND tenant_id = s.tenant_id AND mode = 'live' AND status IN ('SCHEDULED', 'PENDING')
        OFFSET 0 -- by the primary key, never a join over all there is
      ) AS n
      WHERE s.tenant_id = ${tenantId}::uuid AND s.due_at >= ${start} AND s.due_at < ${end}
    ) AS counted
    GROUP BY channel`;
  return new Map(rows.map(({ channel, units }) => [channel, units]));
}
