import type { Database } from "./client";

/**
 * Makes the partitions that cover a span of time, where they are missing. Safe to run anywhere, any time.
 * @param since first moment to cover
 * @param until last moment to cover
 * @returns how many tables were made
 */
export async function createPartitions(database: Database, since: Date, until: Date): Promise<number> {
  const rows = await database.$queryRaw<[{ made: number }]>`SELECT create_partitions(${since}, ${until}) AS made`;
  return rows[0].made;
}

/** The first moments of the weeks whose partitions lie wholly before a moment, oldest first. */
export async function weeksBefore(database: Database, before: Date): Promise<Date[]> {
  const rows = await database.$queryRaw<{ week: Date }[]>`
    SELECT week
    FROM pg_inherits JOIN pg_class ON oid = inhrelid
    CROSS JOIN LATERAL (SELECT to_date(right(relname, 8), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC' AS week)
    WHERE inhparent = 'notification'::regclass AND week + interval '7 days' <= ${before}
    ORDER BY week`;
  return rows.map(({ week }) => week);
}

/**
 * Drops the partitions of one week, and the dead letters of its notifications. Never waits long for a lock.
 * @param week its first moment
 * @returns `unsettled` when it holds what is not sent yet, `busy` when another process is at it or a table is locked: then
 * nothing was dropped
 */
export async function dropWeek(database: Database, week: Date): Promise<"dropped" | "unsettled" | "busy"> {
  const [row] = await database.$queryRaw<[{ outcome: "dropped" | "unsettled" | "busy" }]>`
    SELECT drop_week(${week}) AS outcome`;
  return row.outcome;
}
