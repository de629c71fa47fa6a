import { randomBytes } from "node:crypto";
import { cp, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newUuid } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { migrate } from "./migrate";
import { migrationsDirectory } from "./migrations-directory";

const clients: pg.Client[] = [];
let url: string;
let client: pg.Client;

async function connect(connectionString: string): Promise<pg.Client> {
  const connected = new pg.Client({ connectionString });
  await connected.connect();
  clients.push(connected);
  return connected;
}
beforeEach(async () => {
  const anyDatabase = await createTestDatabase();
  const name = `before_${randomBytes(6).toString("hex")}`;
  await (await connect(anyDatabase)).query(`CREATE DATABASE ${name}`);
  url = Object.assign(new URL(anyDatabase), { pathname: `/${name}` }).href;
  client = await connect(url);
});
afterEach(() => Promise.all(clients.splice(0).map((connected) => connected.end())));

/** Brings the database to where it was before a migration. */
async function migrateBefore(migration: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "migrations-"));
  for (const name of await readdir(migrationsDirectory)) {
    if (name < migration) await cp(join(migrationsDirectory, name), join(directory, name), { recursive: true });
  }
  await migrate({ url, directory });
}

it("indexes resends while notifications are being written, also when an earlier run was interrupted", async () => {
  await migrateBefore("20261122143000");
  const [week] = await weeks();
  await client.query(`CREATE INDEX ${week}_tenant_id_resend_of_id_idx ON ${week} (id)`); // left half done
  const write = (by: pg.Client) =>
    by.query(
      `INSERT INTO notification
         (id, tenant_id, mode, status, priority, bulk, addresses, channels, request_id, resend_of, created_at)
       VALUES (uuidv7(), uuidv7(), 'live', 'SENT', 2, false, '{}', '{email}', 'req', uuidv7(), now())`,
    );
  const other = await connect(url);
  await other.query("SET lock_timeout = '5s'");
  await client.query("BEGIN");
  await write(client);

  const migrating = Promise.all([1, 2].map(() => migrate({ url, directory: migrationsDirectory })));
  migrating.catch(() => {}); // looked at below
  const waits = async () => {
    const { rows } = await other.query(
      `SELECT query FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'tidings-migrate' AND wait_event_type = 'Lock'`,
    );
    return rows.map(({ query }) => query).join();
  };
  await expect.poll(waits).toMatch(/INDEX/);
  await write(other);
  await client.query("COMMIT");
  await migrating;

  await client.query("SELECT create_partitions(now(), now() + interval '100 days')");
  const { rows } = await client.query(
    `SELECT indrelid::regclass::text AS week FROM pg_inherits JOIN pg_index ON indexrelid = inhrelid
     WHERE inhparent = 'notification_resend_of_idx'::regclass ORDER BY 1`,
  );
  expect(rows.map((row) => row.week)).toEqual(await weeks());
  const all = await client.query(
    "SELECT indisvalid AS valid FROM pg_index WHERE pg_get_indexdef(indexrelid) LIKE '%resend_of%'",
  );
  expect(all.rows).toEqual(["parent", ...rows].map(() => ({ valid: true })));
});

/** The tables of notifications by week, in order. */
async function weeks(): Promise<string[]> {
  const { rows } = await client.query<{ week: string }>(
    "SELECT inhrelid::regclass::text AS week FROM pg_inherits WHERE inhparent = 'notification'::regclass ORDER BY 1",
  );
  return rows.map(({ week }) => week);
}

it("attributes a STOP to the account that alone told of it", async () => {
  await migrateBefore("20261122145000");
  const tenantId = newUuid();
  await client.query("INSERT INTO tenant (id, name, slug) VALUES ($1, 'Acme', 'acme')", [tenantId]);
  /** A suppression, and STOPs as so many seconds later each was applied. */
  async function stopped(
    address: string,
    { detail = "STOP", ...row }: { channel?: string; reason?: string; detail?: string | null },
    ...told: { account: string; seconds: number; channel?: string; tenantId?: string | null }[]
  ): Promise<void> {
    await client.query(
      `INSERT INTO suppression (tenant_id, channel, address, id, reason, detail) VALUES ($1, $2, $3, $4, $5, $6)`,
      [tenantId, row.channel ?? "sms", address, newUuid(), row.reason ?? "stop", detail],
    );
    for (const { account, seconds, channel = "sms", tenantId = null } of told) {
      await client.query(
        `INSERT INTO receipt (account, event_id, id, provider, tenant_id, kind, channel, address, at, reason, due_at, applied_at)
         SELECT $1, uuidv7(), uuidv7(), 'twilio', $2, 'unsubscribed', $3, address, created_at, 'STOP', NULL,
           created_at + $4 * interval '1 second'
         FROM suppression WHERE address = $5`,
        [account, tenantId, channel, seconds, address],
      );
    }
  }
  await stopped("platform's", {}, { account: "a", seconds: 0.1 });
  await stopped("said twice", {}, { account: "a", seconds: 0.1 }, { account: "a", seconds: 9_000 });
  await stopped("its own", {}, { account: "own", seconds: 0.1, tenantId });
  await stopped("elsewhere too", {}, { account: "a", seconds: 0.1 }, { account: "b", seconds: 9_000 });
  await stopped("imported before", {}, { account: "a", seconds: 9_000 });
  await stopped("imported just before", { detail: null }, { account: "a", seconds: 1 });
  await stopped("imported since", {}, { account: "a", seconds: -9_000 });
  await stopped("other channel", { channel: "whatsapp" }, { account: "a", seconds: 0.1 });
  await stopped("other tenant's", {}, { account: "a", seconds: 0.1, tenantId: newUuid() });
  await stopped("bounced", { reason: "hard_bounce" }, { account: "a", seconds: 0.1 });

  await migrate({ url, directory: migrationsDirectory });
  const { rows } = await client.query("SELECT address, account FROM suppression WHERE account IS NOT NULL ORDER BY 1");
  expect(rows).toEqual([
    { address: "its own", account: "own" },
    { address: "platform's", account: "a" },
    { address: "said twice", account: "a" },
  ]);
});
