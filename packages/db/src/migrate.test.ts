import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrate } from "./migrate";
import { migrationsDirectory } from "./migrations-directory";

let server: pg.Client;
let client: pg.Client;
let url: string;
let directory: string;

beforeEach(async () => {
  const anyDatabase = await createTestDatabase();
  server = new pg.Client({ connectionString: anyDatabase });
  await server.connect();
  const name = `empty_${randomBytes(6).toString("hex")}`;
  await server.query(`CREATE DATABASE ${name}`);
  url = Object.assign(new URL(anyDatabase), { pathname: `/${name}` }).href;
  client = new pg.Client({ connectionString: url });
  await client.connect();
  directory = await mkdtemp(join(tmpdir(), "migrations-"));
});
afterEach(() => Promise.all([client.end(), server.end()]));

async function writeMigration(name: string, script: string): Promise<void> {
  await mkdir(join(directory, name), { recursive: true });
  await writeFile(join(directory, name, "migration.sql"), script);
}
const tables = async () => {
  const { rows } = await client.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
  return rows.map((row) => row.tablename).filter((name) => name !== "_prisma_migrations");
};
const history = async () =>
  (
    await client.query(
      "SELECT migration_name, finished_at, rolled_back_at, applied_steps_count FROM _prisma_migrations",
    )
  ).rows;

describe("migrate", () => {
  it("applies each migration once when several processes start at once", async () => {
    const applied = await Promise.all([1, 2, 3].map(() => migrate({ url, directory: migrationsDirectory })));
    expect(applied.flat()).toEqual([...new Set(applied.flat())]);
    expect(applied.flat().length).toBeGreaterThan(0);
    expect(await tables()).toEqual(expect.arrayContaining(["tenant", "notification", "delivery", "attempt"]));
    for (const row of await history()) {
      expect(row).toMatchObject({ finished_at: expect.any(Date), rolled_back_at: null, applied_steps_count: 1 });
    }
  });

  it("leaves nothing of a migration that fails, keeps those before it, and goes on once it is mended", async () => {
    await writeMigration("1_good", "CREATE TABLE good (id int)");
    await writeMigration("2_bad", "CREATE TABLE half (id int); SELECT 1 / 0");
    await expect(migrate({ url, directory })).rejects.toThrow("migration 2_bad failed and was rolled back");
    expect(await tables()).toEqual(["good"]);
    await writeMigration("2_bad", "CREATE TABLE half (id int)");
    expect(await migrate({ url, directory })).toEqual(["2_bad"]);
    expect(await tables()).toEqual(["good", "half"]);
  });

  it("leaves nothing of a migration that was cut off, and does it when it is run again", async () => {
    await writeMigration("1_slow", "CREATE TABLE slow (id int); SELECT pg_sleep(60)");
    const interrupted = migrate({ url, directory });
    interrupted.catch(() => {}); // looked at below
    const cutOff = async () => {
      const { rowCount } = await server.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = $1 AND application_name = 'tidings-migrate' AND query LIKE '%pg_sleep%'`,
        [new URL(url).pathname.slice(1)],
      );
      return rowCount;
    };
    await expect.poll(cutOff).toBe(1);
    await expect(interrupted).rejects.toThrow();
    expect(await tables()).toEqual([]);
    await writeMigration("1_slow", "CREATE TABLE slow (id int)");
    expect(await migrate({ url, directory })).toEqual(["1_slow"]);
  });

  it("refuses a migration that was edited after it was applied", async () => {
    await writeMigration("1_good", "CREATE TABLE good (id int)");
    await migrate({ url, directory });
    await writeMigration("1_good", "CREATE TABLE better (id int)");
    await expect(migrate({ url, directory })).rejects.toThrow("migration 1_good was changed");
  });
});
