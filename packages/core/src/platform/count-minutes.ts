import { type Database, Prisma } from "@tidings/db/client";
import { firstUuidAt } from "@tidings/shared/ids";

/** What the platform did with what it was given in one minute, over all tenants and both modes. */
export interface Minute {
  /** Its first moment. */
  at: string;
  /** Notifications. */
  accepted: number;
  /** Deliveries of notifications of that minute, by now. */
  sent: number;
  failed: number;
  /** Whether it was told from a part of them. */
  isEstimate: boolean;
}

const minuteMs = 60_000;
/** Rows of a minute that are counted one by one; of more, the first stand for the others. */
const maxCounted = 300;

interface Counted {
  notifications: number;
  notificationShare: number;
  deliveries: number;
  deliveryShare: number;
  sent: number;
  failed: number;
}

/**
 * The platform's throughput minute by minute, oldest first, counted from a bounded number of rows of each.
 * @param minutes how many, the present one as the last
 */
export async function countMinutes(database: Database, minutes: number, now = Date.now()): Promise<Minute[]> {
  const from = Math.floor(now / minuteMs) * minuteMs - (minutes - 1) * minuteMs;
  const starts = Array.from({ length: minutes }, (_, index) => from + index * minuteMs);
  const size = Prisma.raw(String(maxCounted)); // the planner has to know it
  const shareOf = (name: string) =>
    Prisma.sql`coalesce(extract(epoch FROM max(uuid_extract_timestamp(${Prisma.raw(name)}.id)) - minute.start) / 60, 0)::float8`;
  const rows = await database.$queryRaw<Counted[]>`
    SELECT n.*, d.*
    FROM unnest(${starts.map((start) => new Date(start))}::timestamptz[], ${starts.map((start) => firstUuidAt(start))}::uuid[],
      ${starts.map((start) => firstUuidAt(start + minuteMs))}::uuid[]) AS minute (start, first, beyond)
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS notifications, ${shareOf("s")} AS "notificationShare" FROM (
        SELECT id FROM notification WHERE id >= minute.first AND id < minute.beyond ORDER BY id LIMIT ${size}) AS s
    ) AS n
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS deliveries, ${shareOf("s")} AS "deliveryShare", count(s.sent_at)::int AS sent,
        count(*) FILTER (WHERE s.status = 'FAILED')::int AS failed
      FROM (SELECT id, sent_at, status FROM delivery WHERE id >= minute.first AND id < minute.beyond
        ORDER BY id LIMIT ${size}) AS s
    ) AS d
    ORDER BY minute.start`;
  return rows.map((row, index) => {
    const accepted = timesOf(row.notifications, row.notificationShare);
    const done = timesOf(row.deliveries, row.deliveryShare);
    return {
      at: new Date(starts[index] ?? from).toISOString(),
      accepted: Math.round(row.notifications * accepted),
      sent: Math.round(row.sent * done),
      failed: Math.round(row.failed * done),
      isEstimate: accepted > 1 || done > 1,
    };
  });
}

/** How often the rows that were read stand for all of the minute. */
function timesOf(count: number, share: number): number {
  return count === maxCounted && share > 0 ? Math.max(1, 1 / share) : 1;
}
