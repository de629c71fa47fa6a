import type { Database, Transaction } from "@tidings/db/client";
import { type Publishable, recipientKeyOf } from "./topics";

/** A notification that is not settled, and was due to be looked at. */
export interface Unsettled extends Publishable {
  status: "SCHEDULED" | "PENDING" | "PROCESSING";
  dueAt: Date;
  /** Whether it should have been brought forward by somebody else; a schedule that is due should not. */
  isLate: boolean;
}

/**
 * Moves the mark over notifications accepted at least 15 seconds ago and notes those that are not settled.
 *
 * An id is made at most 5 seconds before its row's statement begins (`accept`), and no statement that began 15 seconds
 * after it can still bring it: so the mark stays 15 seconds behind the oldest transaction that is under way, and clocks may
 * differ by seconds.
 * @returns how many it read
 */
export async function noteUnsettled(transaction: Transaction, limit: number): Promise<number> {
  const [row] = await transaction.$queryRaw<[{ read: number }]>`
    WITH mark AS (
      SELECT coalesce((SELECT position FROM sweep_mark WHERE name = 'notification'),
        uuid_at(now() - interval '400 days')) AS position
    ),
    oldest AS (
      SELECT least(now(), min(xact_start)) AS began FROM pg_stat_activity
      WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
    ),
    page AS (
      SELECT n.id, n.tenant_id, n.status FROM notification AS n
      WHERE n.id > (SELECT position FROM mark) AND n.id < uuid_at((SELECT began FROM oldest) - interval '15 seconds')
      ORDER BY n.id LIMIT ${limit}
    ),
    noted AS (
      INSERT INTO schedule (notification_id, tenant_id, due_at)
      SELECT id, tenant_id, CASE status WHEN 'PENDING' THEN now() ELSE now() + interval '15 seconds' END
      FROM page WHERE status IN ('PENDING', 'PROCESSING')
      ON CONFLICT DO NOTHING
    ),
    moved AS (
      INSERT INTO sweep_mark (name, position)
      SELECT 'notification', id FROM page ORDER BY id DESC LIMIT 1
      ON CONFLICT (name) DO UPDATE SET position = excluded.position
    )
    SELECT count(*)::int AS read FROM page`;
  return row.read;
}

/**
 * Makes all that is listed due, but for schedules of later: those are in no queue.
 * @returns the moment that stands with them now
 */
export async function makeAllDue(transaction: Transaction): Promise<Date> {
  await transaction.$executeRaw`
    UPDATE schedule SET due_at = now() WHERE due_at > now() AND due_at < now() + interval '11 minutes'`;
  const [row] = await transaction.$queryRaw<[{ now: Date }]>`SELECT date_trunc('milliseconds', now()) AS now`;
  return new Date(row.now.getTime() + 1); // the column rounds to milliseconds
}

/**
 * Takes what is due from the list: schedules become PENDING; what is unsettled is listed again, the older the later, up to
 * ten minutes ahead; the rest is done with.
 */
export async function takeDue(
  transaction: Transaction,
  limit: number,
): Promise<{ taken: number; unsettled: readonly Unsettled[] }> {
  const due = await transaction.$queryRaw<{ id: string; dueAt: Date }[]>`
    DELETE FROM schedule WHERE notification_id IN (
      SELECT notification_id FROM schedule WHERE due_at <= now() ORDER BY due_at LIMIT ${limit})
    RETURNING notification_id AS id, due_at AS "dueAt"`;
  if (due.length === 0) return { taken: 0, unsettled: [] };
  const ids = due.map(({ id }) => id);
  const started = await transaction.$queryRaw<{ id: string }[]>`
    UPDATE notification SET status = 'PENDING'
    WHERE id = ANY(${ids}::uuid[]) AND status = 'SCHEDULED' AND send_at <= now()
    RETURNING id`;
  const rows = await transaction.$queryRaw<
    (Omit<Unsettled, "recipientKey" | "dueAt" | "isLate"> & {
      recipientId: string | null;
      addresses: Record<string, string>;
    })[]
  >`
    WITH unsettled AS (
      SELECT * FROM notification
      WHERE id = ANY(${ids}::uuid[]) AND status IN ('SCHEDULED', 'PENDING', 'PROCESSING')
    ),
    listed AS (
      INSERT INTO schedule (notification_id, tenant_id, due_at)
      SELECT id, tenant_id, CASE
        WHEN status = 'SCHEDULED' THEN send_at
        ELSE now() + least(interval '10 minutes', greatest(interval '15 seconds',
          (now() - greatest(created_at, coalesce(send_at, created_at))) / 2)) END
      FROM unsettled
    )
    SELECT id, tenant_id AS "tenantId", mode, priority, bulk, recipient_id AS "recipientId", addresses, status
    FROM unsettled`;
  const dueAts = new Map(due.map(({ id, dueAt }) => [id, dueAt]));
  const startedIds = new Set(started.map(({ id }) => id));
  const unsettled = rows.map(({ recipientId, addresses, ...row }) => ({
    ...row,
    recipientKey: recipientKeyOf(recipientId, addresses),
    dueAt: dueAts.get(row.id) ?? new Date(0),
    isLate: !startedIds.has(row.id),
  }));
  return { taken: due.length, unsettled };
}

/** Lists notifications to be looked at again in five seconds: what would have helped them is away. */
export async function lookAgainSoon(database: Database, notifications: readonly { id: string }[]): Promise<void> {
  await database.$executeRaw`
    UPDATE schedule SET due_at = now() + interval '5 seconds'
    WHERE notification_id = ANY(${notifications.map(({ id }) => id)}::uuid[])`;
}
