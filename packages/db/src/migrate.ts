import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** What Prisma's own migrate makes; the same rows keep `prisma migrate deploy` working on this database. */
const historyTable = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

/**
 * Applies the migrations a database lacks, each in a transaction together with its row of history, one process at a time:
 * a run that is interrupted leaves nothing half done, and two at once leave it done once.
 *
 * What would hold up everybody else inside a transaction, such as the index of a large table, goes before it: where there is a
 * `before.sql` beside a `migration.sql`, it is a query that answers statements, which are run one by one, each by itself. An
 * interrupted run has run some of them, so all must bear to be run again; and `migration.sql` must do without them.
 * @returns names of the migrations it applied
 * @throws {Error} when a migration that was applied has since been edited, or one fails
 */
export async function migrate({ url, directory }: { url: string; directory: string }): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: "tidings-migrate" });
  client.on("error", () => {}); // a connection that is lost fails the query at hand, which tells it
  await client.connect();
  try {
    await takeTurn(client);
    await client.query(historyTable);
    const applied = await appliedChecksums(client);
    const done: string[] = [];
    for (const name of await migrationNames(directory)) {
      const script = await readFile(join(directory, name, "migration.sql"), "utf8");
      const checksum = createHash("sha256").update(script).digest("hex");
      const known = applied.get(name);
      if (known === checksum) continue;
      if (known) throw new Error(`migration ${name} was changed after it was applied to this database`);
      await runBefore(client, join(directory, name, "before.sql"));
      await apply(client, name, script, checksum);
      done.push(name);
    }
    return done;
  } finally {
    await client.end(); // ends the session, and with it the lock
  }
}

/** Asks again and again: a query that waits for its turn would hold up `CREATE INDEX CONCURRENTLY`, which waits for queries. */
async function takeTurn(client: pg.Client): Promise<void> {
  const ask = "SELECT pg_try_advisory_lock(hashtext('tidings.migrate')) AS taken";
  while (!(await client.query<{ taken: boolean }>(ask)).rows[0]?.taken) await sleep(200);
}

async function migrationNames(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function appliedChecksums(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    "SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
  );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

async function runBefore(client: pg.Client, path: string): Promise<void> {
  if (!existsSync(path)) return;
  const { rows } = await client.query<{ statement: string }>(await readFile(path, "utf8"));
  for (const { statement } of rows) await client.query(statement);
}

async function apply(client: pg.Client, name: string, script: string, checksum: string): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(script);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
       VALUES ($1, $2, now(), $3, 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {}); // without a connection, Postgres has done it
    throw new Error(`migration ${name} failed and was rolled back`, { cause: error });
  }
}
