import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, expect, test } from "vitest";
import { platformAccounts } from "../accounts/platform-accounts";
import { createAccountBook } from "./account-book";
import { type ChannelSender, createWithSenders } from "./with-senders";

let database: Database;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 2, applicationName: "test" });
});
afterAll(() => database?.$disconnect());

interface Made {
  rank?: number;
  perSecond?: number;
  enabled?: boolean;
}

/** A tenant with accounts for SMS. */
async function tenantWith(accounts: readonly Made[]): Promise<{ tenantId: string; ids: string[] }> {
  const { id: tenantId } = await createTestTenant(database);
  const ids = accounts.map(() => newUuid());
  await database.providerAccount.createMany({
    data: accounts.map(({ rank = 0, perSecond, enabled = true }, index) => ({
      ...{ id: ids[index] as string, tenantId, provider: "plivo", name: "Plivo", channels: ["sms"], rank, weight: 100 },
      ...{ perSecond: perSecond ?? null, burst: perSecond ?? null, enabled, sealedConfig: "", receiptToken: newUuid() },
    })),
  });
  return { tenantId, ids };
}

const platform = platformAccounts.parse('[{"provider":"sandbox","id":"ours","rate":{"perSecond":7,"burst":9}}]');

async function senderOf(tenantId: string, channel = "sms") {
  const book = createAccountBook({ database, platformAccounts: platform });
  await book.prepare([tenantId]);
  return book.senderOf(tenantId, channel);
}

test("a line lets through what the accounts of the first rank may send together", async () => {
  const one = await tenantWith([{ perSecond: 3 }, { rank: 1, perSecond: 50 }, { perSecond: 80, enabled: false }]);
  expect(await senderOf(one.tenantId)).toEqual({ id: one.ids[0], rate: { perSecond: 3, burst: 3 } });
  const pool = await tenantWith([{ perSecond: 1 }, { perSecond: 100 }]);
  const { tenantId } = pool;
  expect(await senderOf(tenantId)).toEqual({ id: `pool-${tenantId}`, rate: { perSecond: 101, burst: 101 } });
});

test("with an account that has no rate a line is not bounded; each account's own rate still is known", async () => {
  const { tenantId } = await tenantWith([{ perSecond: 1 }, {}]);
  expect(await senderOf(tenantId)).toBeNull();
  const book = createAccountBook({ database, platformAccounts: [] });
  await book.prepare([tenantId]);
  const rates = book.accountsFor(tenantId, "sms").map(({ rate }) => rate);
  expect(rates).toEqual(expect.arrayContaining([{ perSecond: 1, burst: 1 }, null]));
});

test("tenants without accounts share the platform's sender", async () => {
  const { tenantId } = await tenantWith([]);
  expect(await senderOf(tenantId, "email")).toEqual({ id: "ours", rate: { perSecond: 7, burst: 9 } });
});

test("the platform's accounts serve who has none that is enabled, where the operator allows it; those built in serve anyway", async () => {
  const serving = async (tenantId: string, channel: string) => {
    const book = createAccountBook({ database, platformAccounts: platform });
    await book.prepare([tenantId]);
    return book.accountsFor(tenantId, channel).map(({ id }) => id);
  };
  const one = await tenantWith([{}]);
  expect(await serving(one.tenantId, "sms")).toEqual(one.ids);
  expect(await serving(one.tenantId, "email")).toEqual(["ours"]);
  const { tenantId } = await tenantWith([{ enabled: false }]);
  expect(await serving(tenantId, "sms")).toEqual(["ours"]);
  await database.tenant.update({ where: { id: tenantId }, data: { usesPlatformAccounts: false } });
  for (const channel of ["sms", "email"]) expect(await serving(tenantId, channel)).toEqual([]);
  expect(await serving(tenantId, "in_app")).not.toEqual([]);
});

test("a sender's rate is set before its first delivery is queued, and again only when it is another", async () => {
  const { tenantId, ids } = await tenantWith([{ perSecond: 3 }]);
  const set: ChannelSender[] = [];
  const book = createAccountBook({ database, platformAccounts: [] });
  const { withSenders } = createWithSenders(book, async (sender) => void set.push(sender));
  const delivery = { id: newUuid(), tenantId, channel: "sms", priority: 2 };
  expect(await withSenders([delivery])).toEqual([{ ...delivery, sender: ids[0] }]);
  await withSenders([delivery]);
  expect(set).toEqual([{ id: ids[0], channel: "sms", rate: { perSecond: 3, burst: 3 } }]);
});
