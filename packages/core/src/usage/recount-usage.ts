import { type Database, Prisma } from "@tidings/db/client";
import { weeksBefore } from "@tidings/db/partitions";
import { firstUuidAt } from "@tidings/shared/ids";

/** Usage of a tenant by what tells a row of it from another, but for the day. */
export interface UsageSum {
  tenantId: string;
  mode: string;
  channel: string;
  /** Empty for what was counted before a provider was chosen. */
  provider: string;
  /** Empty for notifications without one. */
  category: string;
  accepted: number;
  sent: number;
  delivered: number;
  failed: number;
  units: number;
}

/** Days in UTC, such as 2026-11-21; both are included. */
export interface UsageSpan {
  from: string;
  to: string;
  /** UUID; all tenants when absent. */
  tenantId?: string | undefined;
}

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * Counts usage of a span afresh from the deliveries that are still kept, a day of accepted notifications at a time.
 * What was taken on, given up and sent counts by the delivery's own times, which the counts written with it may lie beside by seconds:
 * at midnight one may be on the day before. A receipt counts on the day it came, which only `usage` knows.
 */
export async function recountUsage(database: Database, { from, to, tenantId }: UsageSpan): Promise<UsageSum[]> {
  const start = new Date(from);
  const end = new Date(Date.parse(to) + dayMs);
  const ofTenant = tenantId ? Prisma.sql`AND d.tenant_id = ${tenantId}::uuid` : Prisma.empty;
  const sums = new Map<string, UsageSum>();
  for (const dayStart of await daysKept(database, end)) {
    const first = firstUuidAt(dayStart);
    const beyond = firstUuidAt(dayStart + dayMs);
    const rows = await database.$queryRaw<UsageSum[]>`
      SELECT d.tenant_id AS "tenantId", d.mode, d.channel, c.provider, coalesce(n.category, '') AS category,
        sum(c.accepted)::float8 AS accepted, sum(c.sent)::float8 AS sent, sum(c.delivered)::float8 AS delivered,
        sum(c.failed)::float8 AS failed, sum(c.units)::float8 AS units
      FROM delivery AS d
      JOIN notification AS n ON n.id = d.notification_id AND n.tenant_id = d.tenant_id
      CROSS JOIN LATERAL (
        SELECT d.created_at >= ${start} AND d.created_at < ${end} AS was_accepted,
          coalesce(d.sent_at >= ${start} AND d.sent_at < ${end}, false) AS was_sent,
          coalesce(d.settled_at >= ${start} AND d.settled_at < ${end}, false) AS was_settled
      ) AS w
      CROSS JOIN LATERAL (VALUES
        ('', w.was_accepted::int, 0, 0, 0, 0),
        (coalesce(d.provider, ''), 0, w.was_sent::int, (w.was_settled AND d.status = 'DELIVERED')::int,
          (w.was_accepted AND d.status = 'FAILED')::int, w.was_sent::int * d.units)
      ) AS c (provider, accepted, sent, delivered, failed, units)
      WHERE d.id >= ${first}::uuid AND d.id < ${beyond}::uuid AND n.id >= ${first}::uuid AND n.id < ${beyond}::uuid
        AND c.accepted + c.sent + c.delivered + c.failed > 0 ${ofTenant}
      GROUP BY 1, 2, 3, 4, 5`;
    for (const row of rows) addTo(sums, row);
  }
  return [...sums.values()];
}

/** First moments of the days whose notifications may be kept, up to one. */
async function daysKept(database: Database, end: Date): Promise<number[]> {
  const weekMs = 7 * dayMs;
  const weeks = await weeksBefore(database, new Date(end.getTime() + weekMs));
  const days = weeks.flatMap((week) => Array.from({ length: 7 }, (_, day) => week.getTime() + day * dayMs));
  return days.filter((day) => day < end.getTime());
}

/** What tells a sum from another, as one text. */
export function keyOfUsage({ tenantId, mode, channel, provider, category }: UsageSum): string {
  return [tenantId, mode, channel, provider, category].join(" ");
}

function addTo(sums: Map<string, UsageSum>, row: UsageSum): void {
  const key = keyOfUsage(row);
  const sum = sums.get(key);
  if (!sum) {
    sums.set(key, row);
    return;
  }
  for (const name of ["accepted", "sent", "delivered", "failed", "units"] as const) sum[name] += row[name];
}
