import type { Database, Transaction } from "@tidings/db/client";

/** How far back days are looked at: units of a day are counted within seconds of its end. */
const lookBackMs = 62 * 24 * 60 * 60 * 1_000;

/**
 * Notes what was sent on metered channels since the last report as spans to be reported, one for each tenant, channel and
 * day. A span that nobody has tried to report grows; one that was tried stays as it is, and a new one follows it. Safe to
 * repeat and to run twice at once: a span's beginning is its key.
 * @param tenantId all tenants when absent
 */
export async function planSpans(
  database: Database | Transaction,
  nowMs: number,
  tenantId: string | null = null,
): Promise<void> {
  const oldest = new Date(nowMs - lookBackMs).toISOString().slice(0, 10);
  await database.$executeRaw`
    INSERT INTO metered_usage AS m (tenant_id, channel, day, from_units, to_units)
    SELECT tenant_id, channel, day, covered, units
    FROM (
      SELECT s.tenant_id, u.channel, u.day, sum(u.units)::bigint AS units, coalesce((
          SELECT max(c.to_units) FROM metered_usage AS c
          WHERE c.tenant_id = s.tenant_id AND c.channel = u.channel AND c.day = u.day
            AND (c.attempted_at IS NOT NULL OR c.settled_at IS NOT NULL)
        ), 0) AS covered
      FROM subscription AS s
      JOIN usage AS u ON u.tenant_id = s.tenant_id AND u.mode = 'live' AND u.channel = ANY (s.metered_channels)
        AND u.day >= greatest((s.metered_since AT TIME ZONE 'UTC')::date, ${oldest}::date)
      WHERE s.metered_since IS NOT NULL AND (${tenantId}::uuid IS NULL OR s.tenant_id = ${tenantId}::uuid)
      GROUP BY s.tenant_id, u.channel, u.day
    ) AS counted
    WHERE units > covered
    ORDER BY tenant_id, channel, day
    ON CONFLICT (tenant_id, channel, day, from_units) DO UPDATE SET to_units = excluded.to_units
    WHERE m.attempted_at IS NULL AND m.settled_at IS NULL AND m.to_units < excluded.to_units`;
}

/**
 * Notes what was sent so far, on the day metering of these channels began and after it, as settled without a report: it
 * was sent before.
 */
export async function skipSpans(
  transaction: Transaction,
  tenantId: string,
  channels: readonly string[],
  since: Date,
): Promise<void> {
  await transaction.$executeRaw`
    INSERT INTO metered_usage (tenant_id, channel, day, from_units, to_units, settled_at)
    SELECT ${tenantId}::uuid, channel, day, covered, units, now()
    FROM (
      SELECT u.channel, u.day, sum(u.units)::bigint AS units, coalesce((
          SELECT max(c.to_units) FROM metered_usage AS c
          WHERE c.tenant_id = ${tenantId}::uuid AND c.channel = u.channel AND c.day = u.day
        ), 0) AS covered
      FROM usage AS u
      WHERE u.tenant_id = ${tenantId}::uuid AND u.mode = 'live' AND u.channel = ANY (${[...channels]})
        AND u.day >= (${since}::timestamptz AT TIME ZONE 'UTC')::date
      GROUP BY u.channel, u.day
    ) AS counted
    WHERE units > covered`;
}
