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
