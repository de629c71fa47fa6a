import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Database, openDatabase } from "./client";
import { createPartitions, weeksBefore } from "./partitions";

const weekMs = 7 * 86_400_000;
let database: Database;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 2, applicationName: "test" });
});
afterAll(() => database?.$disconnect());

it("stores and vacuums every partition as its table is used, those made later as those of the first migration", async () => {
  await createPartitions(database, new Date(), new Date(Date.now() + 20 * weekMs));
  const settings = await database.$queryRaw<{ parent: string; settings: string[]; partitions: number }[]>`
    SELECT inhparent::regclass::text AS parent, reloptions AS settings, count(*)::int AS partitions
    FROM pg_inherits JOIN pg_class ON oid = inhrelid
    WHERE relkind = 'r' GROUP BY 1, 2 ORDER BY 1`;
  expect(settings.map(({ parent }) => parent)).toEqual([
    "attempt",
    "delivery",
    "notification",
    "report",
    "report_attempt",
  ]);
  for (const { partitions } of settings) expect(partitions).toBeGreaterThan(20);
  const [attempt, delivery, notification, report] = settings.map((row) => row.settings);
  expect(attempt).toEqual(expect.arrayContaining(["fillfactor=100", "autovacuum_freeze_min_age=0"]));
  expect(delivery).toContain("fillfactor=38");
  expect(notification).toEqual(expect.arrayContaining(["fillfactor=45", "autovacuum_vacuum_insert_scale_factor=0.1"]));
  expect(report).toContain("fillfactor=45");
});

it("lists the weeks that lie wholly before a moment, oldest first", async () => {
  const thursday = new Date("2019-12-26T00:00:00Z"); // weeks are counted from the epoch, a Thursday
  await createPartitions(database, thursday, new Date(thursday.getTime() + weekMs));
  const end = thursday.getTime() + 2 * weekMs;
  expect(await weeksBefore(database, new Date(end - 1))).toEqual([thursday]);
  expect(await weeksBefore(database, new Date(end))).toEqual([thursday, new Date(end - weekMs)]);
});
