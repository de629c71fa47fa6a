import { createTestTenant } from "@tidings/db/factories";
import { newUuid } from "@tidings/shared/ids";
import { expect, test } from "vitest";
import { addSuppressions } from "../suppressions/add-suppressions";
import { startReceipts, type Written } from "./testing/start-receipts";

const { database, written, told, apply, suppressions } = await startReceipts();

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
