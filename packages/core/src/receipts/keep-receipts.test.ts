import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { firstUuidAt, newUuid } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keepReceipts } from "./keep-receipts";

let database: Database;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 2, applicationName: "test" });
});
afterAll(() => database?.$disconnect());

const dayMs = 86_400_000;
const daysAgo = (days: number) => Date.now() - days * dayMs;
/** Ids of that time, each another. */
const idsAt = (timeMs: number, count: number) =>
  Array.from({ length: count }, (_, index) => firstUuidAt(timeMs).slice(0, 24) + String(index).padStart(12, "0"));

test("calls and receipts go after 30 days, what was sent after 60, tokens after one, however many there are", async () => {
  const tenantId = (await createTestTenant(database)).id;
  const account = newUuid();
  const ids = [...idsAt(daysAgo(31), 4_100), ...idsAt(daysAgo(29), 3)];
  const common = { tenantId, account, provider: "ses" };
  await database.receiptCall.createMany({
    data: ids.map((id) => ({ ...common, id, headers: {}, body: Buffer.alloc(1) })),
  });
  await database.receipt.createMany({
    data: ids.map((id) => ({ ...common, id, eventId: id, kind: "opened", at: new Date() })),
  });
  await database.sentMessage.createMany({
    data: [61, 59].map((days) => ({
      account,
      tenantId,
      providerMessageId: String(days),
      deliveryId: newUuid(),
      sentAt: new Date(daysAgo(days)),
    })),
  });
  await database.receiptToken.createMany({
    data: [2, 0.5].map((days) => ({ account, token: String(days), eventId: "e", seenAt: new Date(daysAgo(days)) })),
  });
  await keepReceipts(database);
  const where = { tenantId, account };
  expect(await database.receiptCall.count({ where })).toBe(3);
  expect(await database.receipt.count({ where })).toBe(3);
  expect(await database.sentMessage.findMany({ where })).toMatchObject([{ providerMessageId: "59" }]);
  expect(await database.receiptToken.findMany({ where: { account } })).toMatchObject([{ token: "0.5" }]);
});
