import type { Database, Transaction } from "@tidings/db/client";
import { priorities } from "@tidings/shared/priorities";
import { completeBefore } from "./complete-before";
import { type Publishable, recipientKeyOf } from "./topics";

/** A notification that is not settled, and was due to be looked at. */
export interface Unsettled extends Publishable {
  status: "SCHEDULED" | "PENDING" | "PROCESSING";
  /** Whether it should have been brought forward by somebody else; a schedule that is due should not. */
  isLate: boolean;
}

/** What a mark has moved over: how many it read, and the id up to which everything unsettled is listed now. */
export interface Noted {
  read: number;
  upTo: string;
}

/** Moves the mark over notifications accepted at least 15 seconds ago and notes those that are not settled. */
export async function noteUnsettled(transaction: Transaction, limit: number): Promise<Noted> {
  const complete = await completeBefore(transaction, "notification");
  const [{ read, last }] = await transaction.$queryRaw<[{ read: number; last: string | null }]>`
    WITH mark AS (
      SELECT coalesce((SELECT position FROM sweep_mark WHERE name = 'notification'),
        uuid_at(now() - interval '400 days')) AS position
    ),
    page AS (
      SELECT n.id, n.tenant_id, n.status, n.priority FROM notification AS n
      WHERE n.id > (SELECT position FROM mark) AND n.id < ${complete}::uuid
      ORDER BY n.id LIMIT ${limit}
    ),
    noted AS (
      INSERT INTO schedule (notification_id, tenant_id, priority, due_at)
      SELECT id, tenant_id, priority, CASE status WHEN 'PENDING' THEN now() ELSE now() + interval '15 seconds' END
      FROM page WHERE status IN ('PENDING', 'PROCESSING')
      ON CONFLICT DO NOTHING
    ),
    moved AS (
      INSERT INTO sweep_mark (name, position)
      SELECT 'notification', id FROM page ORDER BY id DESC LIMIT 1
      ON CONFLICT (name) DO UPDATE SET position = excluded.position
    )
    SELECT count(*)::int AS read, (SELECT id FROM page ORDER BY id DESC LIMIT 1) AS last FROM page`;
  return { read, upTo: read === limit && last !== null ? last : complete };
}

/**
 * Takes what is due from the list: schedules become PENDING; what is unsettled is listed again, to be looked at when it is
 * three times as old, at most ten minutes ahead; the rest is done with. To be noted and looked at
 * once costs a waiting one a tenth of being delivered: in a long line that must not come often.
 * @param limit most of each priority, so that none waits behind a flood of another
 */
export async function takeDue(
  transaction: Transaction,
  limit: number,
): Promise<{ taken: number; unsettled: readonly Unsettled[] }> {
  const due = await transaction.$queryRaw<{ id: string }[]>`
    DELETE FROM schedule WHERE ctid = ANY (ARRAY(
      SELECT due.at FROM generate_series(0, ${priorities.length - 1}::int) AS class (priority)
      CROSS JOIN LATERAL (
        SELECT ctid AS at FROM schedule
        WHERE priority = class.priority AND due_at <= now() ORDER BY due_at LIMIT ${limit}
      ) AS due))
    RETURNING notification_id AS id`;
  if (due.length === 0) return { taken: 0, unsettled: [] };
  const ids = due.map(({ id }) => id);
  const started = await transaction.$queryRaw<{ id: string }[]>`
    UPDATE notification SET status = 'PENDING'
    WHERE id = ANY(${ids}::uuid[]) AND status = 'SCHEDULED' AND send_at <= now()
    RETURNING id`;
  const rows = await transaction.$queryRaw<
    (Omit<Unsettled, "recipientKey" | "isLate"> & { recipientId: string | null; addresses: Record<string, string> })[]
  >`
    WITH unsettled AS (
      SELECT * FROM notification
      WHERE id = ANY(${ids}::uuid[]) AND status IN ('SCHEDULED', 'PENDING', 'PROCESSING')
    ),
    listed AS (
      INSERT INTO schedule (notification_id, tenant_id, priority, due_at)
      SELECT id, tenant_id, priority, CASE
        WHEN status = 'SCHEDULED' THEN send_at
        ELSE now() + least(interval '10 minutes', greatest(interval '15 seconds',
          2 * (now() - greatest(created_at, coalesce(send_at, created_at))))) END
      FROM unsettled
    )
    SELECT id, tenant_id AS "tenantId", mode, priority, bulk, recipient_id AS "recipientId",
      CASE status WHEN 'PROCESSING' THEN '{}' ELSE addresses END AS addresses, status -- only what is published needs them
    FROM unsettled`;
  const startedIds = new Set(started.map(({ id }) => id));
  const unsettled = rows.map(({ recipientId, addresses, ...row }) => ({
    ...row,
    recipientKey: recipientKeyOf(recipientId, addresses),
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
