import { Prisma, type Transaction } from "@tidings/db/client";
import { completeBefore } from "../pipeline/complete-before";
import type { Noted } from "../pipeline/look-at-unsettled";
import type { WrittenReport } from "./write-reports";

/** The table keeps milliseconds: rounded up, what is due now would be so only at the next look. */
const thisMoment = Prisma.sql`date_trunc('milliseconds', now())`;

/**
 * Lists reports to look at again, as the sweep does with notifications: a mark moves over their ids in order and notes those
 * that were not delivered within 15 seconds; what is due from the list is taken, and listed again while it is pending.
 * @returns what was noted, how many were taken, and those that are pending and may be in no queue
 */
export async function sweepReports(
  transaction: Transaction,
  limit: number,
): Promise<{ noted: Noted; taken: number; due: readonly WrittenReport[] }> {
  const noted = await noteUndelivered(transaction, limit);
  const taken = await transaction.$queryRaw<{ id: string }[]>`
    DELETE FROM report_schedule WHERE report_id IN (
      SELECT report_id FROM report_schedule WHERE due_at <= now() ORDER BY due_at LIMIT ${limit})
    RETURNING report_id AS id`;
  if (taken.length === 0) return { noted, taken: 0, due: [] };
  const due = await transaction.$queryRaw<WrittenReport[]>`
    WITH pending AS (
      SELECT * FROM report WHERE id = ANY(${taken.map(({ id }) => id)}::uuid[]) AND status = 'PENDING'
    ),
    listed AS (
      INSERT INTO report_schedule (report_id, endpoint_id, due_at)
      SELECT id, endpoint_id, greatest(next_attempt_at, lease_until, now()) + interval '15 seconds' FROM pending
      ON CONFLICT DO NOTHING
    )
    SELECT id, endpoint_id AS "endpointId" FROM pending`;
  return { noted, taken: taken.length, due };
}

async function noteUndelivered(transaction: Transaction, limit: number): Promise<Noted> {
  const complete = await completeBefore(transaction, "report");
  const [{ read, last }] = await transaction.$queryRaw<[{ read: number; last: string | null }]>`
    WITH mark AS (SELECT position FROM sweep_mark WHERE name = 'report'),
    page AS (
      SELECT id, endpoint_id, status FROM report
      WHERE id > (SELECT position FROM mark) AND id < ${complete}::uuid
      ORDER BY id LIMIT ${limit}
    ),
    noted AS (
      INSERT INTO report_schedule (report_id, endpoint_id, due_at)
      SELECT id, endpoint_id, ${thisMoment} FROM page WHERE status = 'PENDING'
      ON CONFLICT DO NOTHING
    ),
    moved AS (
      UPDATE sweep_mark SET position = (SELECT id FROM page ORDER BY id DESC LIMIT 1)
      WHERE name = 'report' AND EXISTS (SELECT FROM page)
    )
    SELECT count(*)::int AS read, (SELECT id FROM page ORDER BY id DESC LIMIT 1) AS last FROM page`;
  return { read, upTo: read === limit && last !== null ? last : complete };
}
