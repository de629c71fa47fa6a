import type { Transaction } from "@tidings/db/client";

/**
 * The id before which a table is complete: no transaction under way can still bring a row with a smaller one. 15 seconds
 * before the oldest that may, since an id is up to 5 seconds older than its row's statement, and clocks differ by seconds
 * (`insertAccepted` lists what comes from a clock that differs by more).
 *
 * A statement of ours ends within 30 seconds, so all transactions of the last minute count. Of older ones only those that
 * hold the lock which writing to the table takes: neither a long dump nor a forgotten BEGIN stops what waits for this.
 *
 * To be asked for in a statement before the one that reads the table: what has ended by now, that one sees.
 */
export async function completeBefore(
  transaction: Transaction,
  table: "notification" | "report",
  longestStatementSeconds = 60,
): Promise<string> {
  const [row] = await transaction.$queryRaw<[{ id: string }]>`
    SELECT uuid_at(least(now(), min(xact_start)) - interval '15 seconds') AS id
    FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
      AND (xact_start > now() - make_interval(secs => ${longestStatementSeconds}) OR pid IN (
        SELECT pid FROM pg_locks WHERE relation = to_regclass(${table}) AND mode = 'RowExclusiveLock'))`;
  return row.id;
}
