import { type Database, Prisma } from "@tidings/db/client";
import { firstUuidAt } from "@tidings/shared/ids";
import type { Owner } from "../owner";

/** How long deliveries took from accept until a provider had them, in whole milliseconds; null when none was sent. */
export interface Latency {
  medianMs: number | null;
  p95Ms: number | null;
  /** Deliveries it was told from. */
  sampleSize: number;
}

/** Moments of a span at which deliveries are looked at, and how many rows are read in all. */
const points = 120;
const maxRows = 2_400;

/** Tells latency from deliveries spread evenly over a span. What was scheduled for later is left out. */
export async function sampleLatency(
  database: Database,
  { tenantId, mode }: Owner,
  { from, to }: { from: number; to: number },
): Promise<Latency> {
  const starts = Array.from({ length: points }, (_, index) => from + ((to - from) * index) / points);
  const beyond = starts.map((_, index) => starts[index + 1] ?? to);
  const size = Prisma.raw(String(maxRows / points)); // the planner has to know it
  const [row] = await database.$queryRaw<[Latency]>`
    SELECT count(*)::int AS "sampleSize", round(percentile_cont(0.5) WITHIN GROUP (ORDER BY s.ms))::int AS "medianMs",
      round(percentile_cont(0.95) WITHIN GROUP (ORDER BY s.ms))::int AS "p95Ms"
    FROM unnest(${starts.map((at) => firstUuidAt(at))}::uuid[], ${beyond.map((at) => firstUuidAt(at))}::uuid[])
      AS point (first, beyond)
    CROSS JOIN LATERAL (
      SELECT notification_id, mode, sent_at, uuid_extract_timestamp(id) AS accepted_at FROM delivery
      WHERE tenant_id = ${tenantId}::uuid AND id >= point.first AND id < point.beyond ORDER BY id LIMIT ${size}
    ) AS d
    CROSS JOIN LATERAL (
      SELECT send_at FROM notification WHERE id = d.notification_id AND tenant_id = ${tenantId}::uuid OFFSET 0
    ) AS n
    CROSS JOIN LATERAL (SELECT extract(epoch FROM d.sent_at - d.accepted_at)::float8 * 1000 AS ms) AS s
    WHERE d.mode = ${mode} AND d.sent_at IS NOT NULL AND n.send_at IS NULL`;
  return row;
}
