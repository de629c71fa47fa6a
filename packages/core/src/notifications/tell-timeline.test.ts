import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid, publicId } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliveryId } from "../pipeline/delivery-id";
import { getNotification } from "./get-notification";
import { presentNotificationDetail } from "./present-notification";

let database: Database;
let tenantId: string;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 2, applicationName: "test" });
  tenantId = (await createTestTenant(database)).id;
});
afterAll(() => database?.$disconnect());

const at = (second: number) => new Date(Date.UTC(2026, 4, 1, 12, 0, second));

test("the story goes on with what the provider told: where the delivery moved to, opens, clicks and complaints", async () => {
  const id = newUuid();
  const account = newUuid();
  const common = { tenantId, mode: "live", priority: 2, createdAt: at(0) };
  await database.notification.create({
    data: { ...common, id, status: "SENT", bulk: false, addresses: {}, channels: ["email"], requestId: "req" },
  });
  const delivery = deliveryId(id, "email", "ann@example.com");
  await database.delivery.create({
    data: {
      ...common,
      id: delivery,
      notificationId: id,
      channel: "email",
      address: "ann@example.com",
      status: "DELIVERED",
      siblings: 1,
      provider: "ses",
      sentAt: at(2),
      settledAt: at(5),
    },
  });
  await database.attempt.create({
    data: {
      tenantId,
      deliveryId: delivery,
      number: 1,
      provider: "ses",
      account,
      choice: "first in order",
      outcome: "sent",
      startedAt: at(1),
      durationMs: 1_000,
    },
  });
  const receipts = [
    { kind: "delivered", at: at(5) },
    { kind: "opened", at: at(6) },
    { kind: "clicked", at: at(7), url: "https://acme.test/offer" },
    { kind: "bounced_hard", at: at(8), reason: "550 after all" },
    { kind: "opened", at: at(9), appliedAt: null },
  ];
  await database.receipt.createMany({
    data: receipts.map((receipt) => ({
      id: newUuid(),
      account,
      provider: "ses",
      eventId: newUuid(),
      tenantId,
      deliveryId: delivery,
      appliedAt: at(10),
      ...receipt,
    })),
  });

  const story = presentNotificationDetail(await getNotification(database, { tenantId, mode: "live" }, id));
  expect(story.timeline.map(({ at, event, detail }) => [at.slice(17, 19), event, detail])).toEqual([
    ["00", "notification.accepted", undefined],
    ["00", "delivery.queued", "email to ann@example.com"],
    ["02", "attempt.sent", "attempt 1: ses"],
    ["02", "delivery.sent", undefined],
    ["05", "delivery.delivered", undefined],
    ["06", "delivery.opened", undefined],
    ["07", "delivery.clicked", "https://acme.test/offer"],
    ["08", "delivery.bounced_hard", "550 after all"],
  ]);
  expect(story.deliveries).toMatchObject([
    {
      status: "DELIVERED",
      deliveredAt: at(5).toISOString(),
      attempts: [{ account: expect.stringMatching(/^acc_/), choice: "first in order" }],
      receipts: [{ kind: "delivered" }, { kind: "opened" }, { kind: "clicked" }, { kind: "bounced_hard" }],
    },
  ]);
});

test("where several accounts tried, each is named with why it was chosen", async () => {
  const [id, mine, gone] = [newUuid(), newUuid(), newUuid()];
  const common = { tenantId, mode: "live", priority: 2, createdAt: at(0) };
  await database.notification.create({
    data: { ...common, id, status: "SENT", bulk: false, addresses: {}, channels: ["email"], requestId: "req" },
  });
  await database.providerAccount.create({
    data: {
      ...{ id: mine, tenantId, provider: "smtp", name: "Our server", channels: ["email"], rank: 0, weight: 100 },
      ...{ sealedConfig: "", receiptToken: newUuid() },
    },
  });
  const delivery = deliveryId(id, "email", "ann@example.com");
  await database.delivery.create({
    data: {
      ...{ ...common, id: delivery, notificationId: id, channel: "email", address: "ann@example.com" },
      ...{ status: "SENT", siblings: 1, provider: "resend", sentAt: at(3), settledAt: at(3) },
    },
  });
  const tries = [
    { provider: "smtp", account: mine, choice: "first in order", outcome: "deferred", reason: "421 bye" },
    { provider: "ses", account: gone, choice: "failover: first in order", outcome: "deferred", reason: "503" },
    { provider: "resend", account: "resend-1", choice: "failover: the only account left", outcome: "sent" },
  ];
  await database.attempt.createMany({
    data: tries.map((one, index) => ({
      ...{ tenantId, deliveryId: delivery, number: index + 1, startedAt: at(index), durationMs: 1_000, ...one },
    })),
  });

  const { timeline } = presentNotificationDetail(await getNotification(database, { tenantId, mode: "live" }, id));
  expect(timeline.filter(({ event }) => event.startsWith("attempt")).map(({ detail }) => detail)).toEqual([
    "attempt 1: smtp, “Our server” (first in order): 421 bye",
    `attempt 2: ses, “${publicId("account", gone)}” (failover: first in order): 503`,
    "attempt 3: resend, “resend-1” (failover: the only account left)",
  ]);
});
