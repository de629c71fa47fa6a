import { type Database, Prisma } from "@tidings/db/client";
import { firstUuidAt } from "@tidings/shared/ids";
import type { Owner } from "../owner";

/** What was done with the deliveries of a span of time. */
export interface Volume {
  /** First moment of the span. */
  at: string;
  accepted: number;
  sent: number;
  delivered: number;
  failed: number;
  /** Whether it was told from a part of them. */
  isEstimate: boolean;
}

const hourMs = 3_600_000;
/** Deliveries of an hour that are counted one by one; of more, the first stand for the others. */
const maxCounted = 1_000;

interface Counted extends Record<"accepted" | "sent" | "delivered" | "failed", number> {
  /** Rows read, of both modes. */
  count: number;
  /** Share of the hour that the rows lie in, 0 to 1. */
  share: number;
}

/**
 * A tenant's deliveries hour by hour, by when their notifications were accepted. Usage is kept by the day: these are counted
 * from the rows themselves, a bounded number of each hour.
 * @param from start of the first hour, in milliseconds
 */
export async function countHours(
  database: Database,
  { tenantId, mode }: Owner,
  from: number,
  hours: number,
): Promise<Volume[]> {
  const starts = Array.from({ length: hours }, (_, index) => from + index * hourMs);
  const size = Prisma.raw(String(maxCounted)); // the planner has to know it
  const rows = await database.$queryRaw<Counted[]>`
    SELECT c.*
    FROM unnest(${starts.map((start) => new Date(start))}::timestamptz[], ${starts.map((start) => firstUuidAt(start))}::uuid[],
      ${starts.map((start) => firstUuidAt(start + hourMs))}::uuid[]) AS hour (start, first, beyond)
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS count, count(*) FILTER (WHERE mode = ${mode})::int AS accepted,
        count(sent_at) FILTER (WHERE mode = ${mode})::int AS sent,
        count(*) FILTER (WHERE mode = ${mode} AND status = 'DELIVERED')::int AS delivered,
        count(*) FILTER (WHERE mode = ${mode} AND status = 'FAILED')::int AS failed,
        coalesce(extract(epoch FROM max(uuid_extract_timestamp(id)) - hour.start) / 3600, 0)::float8 AS share
      FROM (
        SELECT id, mode, status, sent_at FROM delivery
        WHERE tenant_id = ${tenantId}::uuid AND id >= hour.first AND id < hour.beyond ORDER BY id LIMIT ${size}
      ) AS d
    ) AS c
    ORDER BY hour.start`;
  return rows.map(({ count, share, ...counted }, index) => {
    const isEstimate = count === maxCounted && share > 0;
    const times = isEstimate ? 1 / share : 1;
    const { accepted, sent, delivered, failed } = counted;
    return {
      at: new Date(starts[index] ?? from).toISOString(),
      accepted: Math.round(accepted * times),
      sent: Math.round(sent * times),
      delivered: Math.round(delivered * times),
      failed: Math.round(failed * times),
      isEstimate,
    };
  });
}
