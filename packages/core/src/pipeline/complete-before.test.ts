import { type Database, openDatabase } from "@tidings/db/client";
import { newUuid, uuidTimeMs } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { completeBefore } from "./complete-before";

let database: Database;
let other: pg.Client;
let begunAt: number;
beforeEach(async () => {
  const url = await createTestDatabase();
  database = openDatabase({ url, poolSize: 2, applicationName: "test" });
  other = new pg.Client({ connectionString: url });
  await other.connect();
  await other.query("BEGIN");
  begunAt = Date.now();
  await expect.poll(() => Date.now()).toBeGreaterThan(begunAt + 20);
});
afterEach(async () => {
  await other.end();
  await database.$disconnect();
});

/** Milliseconds before the other transaction began at which the table is complete; negative when that is not waited for. */
async function lagMs(longestStatementSeconds: number): Promise<number> {
  const id = await database.$transaction((transaction) =>
    completeBefore(transaction, "notification", longestStatementSeconds),
  );
  return begunAt - uuidTimeMs(id) - 15_000;
}

it("waits for each transaction that has just begun: it may be about to write", async () => {
  await other.query("SELECT 1");
  expect(await lagMs(60)).toBeGreaterThanOrEqual(0);
});

it("does not wait for one that reads, or writes elsewhere, for longer than a statement takes", async () => {
  await other.query("SELECT count(*) FROM notification");
  await other.query("INSERT INTO sweep_mark (name, position) VALUES ('other', uuidv7())");
  expect(await lagMs(0)).toBeLessThan(0);
});

it("waits for one that has written notifications, however long it lasts", async () => {
  const columns = "id, tenant_id, mode, status, priority, bulk, addresses, channels, request_id, created_at";
  const values = `'${newUuid()}', uuidv7(), 'live', 'PENDING', 2, false, '{}', '{email}', 'req', now()`;
  await other.query(`INSERT INTO notification (${columns}) VALUES (${values})`);
  expect(await lagMs(0)).toBeGreaterThanOrEqual(0);
});
