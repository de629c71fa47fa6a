import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sweepReports } from "./sweep-reports";

let database: Database;
let tenantId: string;
const endpointId = newUuid();
beforeEach(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 4, applicationName: "test" });
  tenantId = (await createTestTenant(database)).id;
});
afterEach(() => database.$disconnect());

/** A UUIDv7 of a moment so many seconds ago. */
function idOf(secondsAgo: number): string {
  const time = (Date.now() - secondsAgo * 1_000).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}${newUuid().slice(13)}`;
}

async function store(secondsAgo: number, more: object = {}): Promise<string> {
  const id = idOf(secondsAgo);
  const report = { id, tenantId, endpointId, mode: "live", type: "test.ping", facts: {} };
  await database.report.create({ data: { ...report, ...more } });
  return id;
}
const sweep = (limit = 100) => database.$transaction((transaction) => sweepReports(transaction, limit));
const dueOf = async () => (await sweep()).due.map(({ id }) => id);
const makeDue = () => database.reportSchedule.updateMany({ data: { dueAt: new Date(0) } });

it("finds what was not delivered within fifteen seconds, in order, and nothing that was", async () => {
  const [older, old] = [await store(40), await store(30)];
  await store(35, { status: "DELIVERED" });
  await store(5);
  expect(await sweep()).toEqual({
    noted: { read: 3, upTo: expect.any(String) },
    taken: 2,
    due: expect.arrayContaining([older, old].map((id) => ({ id, endpointId }))),
  });
});

it("reads each report once, and looks at what is pending again after a while", async () => {
  const id = await store(30);
  expect(await dueOf()).toEqual([id]);
  expect(await sweep()).toMatchObject({ noted: { read: 0 }, taken: 0, due: [] });
  await makeDue();
  expect(await dueOf()).toEqual([id]);
});

it("forgets a report that is settled", async () => {
  const id = await store(30);
  await sweep();
  await database.report.updateMany({ where: { id }, data: { status: "DELIVERED" } });
  await makeDue();
  expect(await sweep()).toMatchObject({ noted: { read: 0 }, taken: 1, due: [] });
  expect(await database.reportSchedule.count()).toBe(0);
});

it("looks at one that waits for its next attempt when that is due", async () => {
  const nextAttemptAt = new Date(Date.now() + 3_600_000);
  await store(30, { nextAttemptAt });
  await sweep();
  const [listed] = await database.reportSchedule.findMany();
  expect(listed?.dueAt.getTime()).toBe(nextAttemptAt.getTime() + 15_000);
});

it("looks at no more than it was told, and goes on from there", async () => {
  await store(50);
  const second = await store(40);
  await store(30);
  expect(await sweep(2)).toMatchObject({ noted: { read: 2, upTo: second }, taken: 2 });
  expect(await sweep(2)).toMatchObject({ noted: { read: 1 }, taken: 1 });
});
