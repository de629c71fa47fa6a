import { type Database, Prisma } from "@tidings/db/client";
import { priorities } from "@tidings/shared/priorities";
import { letterWaits } from "../dead-letters/status-of-letter";

/** What the sweep has before it. Over all tenants. */
export interface SweepState {
  /** Notifications that it should have looked at by now, at most a thousand. */
  overdue: number;
  /** Since when the first of them is due. */
  overdueSince: string | null;
  /** Dead letters that need somebody, at most a thousand. */
  deadLetters: number;
}

const mostCounted = 1_000;
/** A sweep comes by twice a second; what is due for longer is late. */
const graceSeconds = 10;

/** Whether the sweep keeps up, and what it could do nothing about. */
export async function describeSweep(database: Database): Promise<SweepState> {
  const size = Prisma.raw(String(mostCounted));
  const [row] = await database.$queryRaw<[{ overdue: number; since: Date | null; deadLetters: number }]>`
    SELECT count(*)::int AS overdue, min(late.due_at) AS since,
      (SELECT count(*)::int FROM (SELECT 1 FROM dead_letter AS d WHERE ${letterWaits} LIMIT ${size}) AS waiting) AS "deadLetters"
    FROM (
      SELECT listed.due_at FROM generate_series(0, ${priorities.length - 1}::int) AS class (priority)
      CROSS JOIN LATERAL (
        SELECT due_at FROM schedule
        WHERE priority = class.priority AND due_at < now() - make_interval(secs => ${graceSeconds})
        ORDER BY due_at LIMIT ${size}
      ) AS listed
      ORDER BY listed.due_at LIMIT ${size}
    ) AS late`;
  return { overdue: row.overdue, overdueSince: row.since?.toISOString() ?? null, deadLetters: row.deadLetters };
}
