import { createTestTenant } from "@tidings/db/factories";
import { firstUuidAt, newUuid } from "@tidings/shared/ids";
import { expect, test } from "vitest";
import { addSuppressions } from "../suppressions/add-suppressions";
import { startReceipts, type Written } from "./testing/start-receipts";

const { at, database, written, told, apply, suppressions } = await startReceipts();

test.each([
  ["bounced_hard", { reason: "hard_bounce", category: "" }],
  ["complained", { reason: "complaint", category: "" }],
  ["unsubscribed", { reason: "unsubscribe", category: "offers" }],
  ["bounced_soft", null],
  ["opened", null],
] as const)("of a delivery that %s, the address is suppressed with %j", async (kind, expected) => {
  const [delivery] = (await written(["SENT"], { address: "Ann@example.com", category: "offers" })) as [Written];
  await told(kind, delivery.messageId, { address: "other@example.com" });
  await apply();
  const row = { channel: "email", address: "ann@example.com", ...expected };
  expect(await suppressions()).toEqual(expected ? [row] : []);
});

test("what a person said of a message that is deleted since is heard at once, for the tenant that sent it", async () => {
  const platform = `ses-${newUuid()}`;
  const [other, [deleted]] = await Promise.all([
    createTestTenant(database),
    written(["SENT"], { address: "ann@example.com", account: platform }) as Promise<[Written]>,
  ]);
  await written(["SENT"], { address: "ann@example.com", account: platform, tenantId: other.id });
  await database.delivery.deleteMany({ where: { tenantId: at.tenantId, id: deleted.id } });
  await told("complained", deleted.messageId, { account: platform, tenantId: null, address: "ann@example.com" });
  await apply();
  expect(await suppressions()).toMatchObject([{ address: "ann@example.com", reason: "complaint" }]);
  expect(await suppressions(other.id)).toEqual([]);
});

test.each([
  ["bounced_hard", "hard_bounce"],
  ["complained", "complaint"],
  ["unsubscribed", "unsubscribe"],
] as const)(
  "%s of a message whose sending was never recorded suppresses the address after an hour",
  async (kind, reason) => {
    const minutesAgo = (minutes: number) => firstUuidAt(Date.now() - minutes * 60_000);
    await told(kind, "msg-fresh", { id: minutesAgo(50), address: "fresh@example.com" });
    await told(kind, "msg-lost", { id: minutesAgo(61), address: "lost@example.com" });
    await apply();
    expect(await suppressions()).toEqual([{ channel: "email", address: "lost@example.com", category: "", reason }]);
    const kept = await database.receipt.findMany({ where: { account: at.account }, orderBy: { id: "desc" } });
    expect(kept.map(({ appliedAt }) => appliedAt !== null)).toEqual([false, true]);
  },
);

test("STOP to a tenant's number stops that channel, START lets it go on; what bounced stays", async () => {
  const address = "+14155550123";
  const wish = { provider: "twilio", address, channel: "sms" };
  await told("unsubscribed", null, { ...wish, reason: "STOP" });
  await told("bounced_hard", null, { ...wish, channel: "whatsapp" });
  await apply();
  expect((await suppressions()).map(({ channel, reason }) => [channel, reason]).sort()).toEqual([
    ["sms", "stop"],
    ["whatsapp", "hard_bounce"],
  ]);
  const before = new Date(Date.now() - 3_600_000);
  await told("resubscribed", null, { ...wish, at: before });
  await apply();
  expect(await suppressions()).toHaveLength(2);
  await told("resubscribed", null, { ...wish, at: new Date(Date.now() + 1_000) });
  await told("resubscribed", null, { ...wish, channel: "whatsapp", at: new Date(Date.now() + 1_000) });
  await apply();
  expect(await suppressions()).toMatchObject([{ channel: "whatsapp", reason: "hard_bounce" }]);
});

test("STOP to a number of the platform concerns those who wrote from it, START takes back what was said to it", async () => {
  const address = "+14155550199";
  const platform = `twilio-${newUuid()}`;
  const another = `twilio-${newUuid()}`;
  const [other, importing] = await Promise.all([createTestTenant(database), createTestTenant(database)]);
  await written(["SENT"], { channel: "sms", address, account: platform });
  await written(["SENT"], { channel: "sms", address, account: another, tenantId: other.id });
  const by = (account: string) => ({ account, provider: "twilio", tenantId: null, channel: "sms", address });
  const later = new Date(Date.now() + 1_000);
  await told("unsubscribed", null, { ...by(platform), reason: "STOP" });
  await apply();
  expect(await suppressions()).toMatchObject([{ channel: "sms", address, reason: "stop", category: "" }]);
  expect(await suppressions(other.id)).toEqual([]);

  await told("unsubscribed", null, { ...by(another), reason: "STOP" });
  await apply();
  const row = { channel: "sms", address, category: "", mode: "live", detail: null } as const;
  await database.$transaction((transaction) =>
    addSuppressions(transaction, [{ ...row, tenantId: importing.id, reason: "stop" }]),
  );
  await told("resubscribed", null, { ...by(platform), at: later });
  await apply();
  expect(await suppressions()).toEqual([]);
  expect(await suppressions(other.id)).toHaveLength(1);
  expect(await suppressions(importing.id)).toHaveLength(1);
});

test("STOP to a number of the platform concerns who writes from it later once its provider has refused for that", async () => {
  const address = "+14155550188";
  const platform = `twilio-${newUuid()}`;
  const by = { account: platform, provider: "twilio", tenantId: null, channel: "sms", address };
  await told("unsubscribed", null, { ...by, reason: "STOP" });
  await apply();
  const [later] = await (written(["SENT"], { channel: "sms", address, account: platform }) as Promise<[Written]>);
  expect(await suppressions()).toEqual([]);
  await told("bounced_soft", later.messageId, { ...by, reason: "undelivered 21610" });
  await told("unsubscribed", null, { ...by, reason: "undelivered 21610" });
  await apply();
  expect(await suppressions()).toMatchObject([{ channel: "sms", address, reason: "stop" }]);
});

const phone = "+14155550177";
const [numberA, numberB] = [`twilio-${newUuid()}`, `twilio-${newUuid()}`];
/** What the person says to a number of the platform, or to the tenant's own; STOPs first, STARTs after all of them. */
async function says(kind: "unsubscribed" | "resubscribed", account?: string) {
  const saidAt = new Date(Date.now() + (kind === "resubscribed" ? 1_000 : 0));
  const wish = { provider: "twilio", address: phone, channel: "sms", at: saidAt };
  await told(kind, null, account === undefined ? wish : { ...wish, account, tenantId: null });
}

test.each([
  ["to two numbers of the platform", [numberA, numberB]],
  ["to a number of the platform and to the tenant's own", [numberA, undefined]],
  ["to the tenant's own number and to one of the platform", [undefined, numberA]],
])("STOP %s, at once or one after the other, outlives START to either", async (_, numbers) => {
  for (const applies of [async () => 0, apply]) {
    const { id } = await createTestTenant(database);
    at.tenantId = id;
    for (const account of [numberA, numberB]) await written(["SENT"], { channel: "sms", address: phone, account });
    for (const account of numbers) {
      await says("unsubscribed", account);
      await applies();
    }
    for (const account of numbers) await says("resubscribed", account);
    await apply();
    expect(await suppressions()).toMatchObject([{ reason: "stop" }]);
  }
});

test("START takes back nothing that was said elsewhere", async () => {
  await written(["SENT"], { channel: "sms", address: phone, account: numberA });
  await says("unsubscribed", numberA);
  await apply();
  await says("resubscribed", numberB);
  await says("resubscribed");
  await apply();
  expect(await suppressions()).toMatchObject([{ reason: "stop" }]);
  await says("resubscribed", numberA);
  await apply();
  expect(await suppressions()).toEqual([]);
});

test.each([
  ["manual", "before"],
  ["manual", "after"],
  ["unsubscribe", "before"],
  ["unsubscribe", "after"],
  ["stop", "after"],
] as const)("START leaves what was suppressed as %s %s its STOP", async (reason, order) => {
  const row = { tenantId: at.tenantId, mode: "live", channel: "sms", address: phone, category: "" } as const;
  const add = () => addSuppressions(database, [{ ...row, reason, detail: null }]);
  await written(["SENT"], { channel: "sms", address: phone, account: numberA });
  if (order === "before") await add();
  await says("unsubscribed", numberA);
  await apply();
  if (order === "after") await add();
  await says("resubscribed", numberA);
  await apply();
  expect(await suppressions()).toMatchObject([{ reason: "stop" }]);
});
