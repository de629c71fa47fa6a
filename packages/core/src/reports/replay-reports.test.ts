import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid } from "@tidings/shared/ids";
import { bodyOf, type ReportBody } from "@tidings/shared/report-events";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeEach, expect, it } from "vitest";
import { cursorOf } from "../page";
import { deliveryId } from "../pipeline/delivery-id";
import { replayReports } from "./replay-reports";
import { writeReports } from "./write-reports";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
afterAll(() => database.$disconnect());

let tenantId: string;
let endpointId: string;
let queued: string[];
beforeEach(async () => {
  ({ id: tenantId } = await createTestTenant(database));
  endpointId = await makeEndpoint();
  queued = [];
});

const address = "ann@example.com";
const at = (second: number) => new Date(Date.now() - 30_000 + second * 1_000);

async function makeEndpoint(wishes: { events?: string[]; channels?: string[]; enabled?: boolean } = {}) {
  const id = newUuid();
  const url = "https://example.com/hooks";
  await database.endpoint.create({
    data: { id, tenantId, mode: "live", url, events: ["*"], sealedSecret: "sealed", ...wishes },
  });
  return id;
}

/** A notification whose one email was delivered, some seconds after one another. */
async function makeStory(owner = tenantId) {
  const id = newUuid();
  const delivery = deliveryId(id, "email", address);
  await database.notification.create({
    data: {
      ...{ id, tenantId: owner, mode: "live", status: "SENT", priority: 2, bulk: false, category: "orders" },
      ...{ recipientId: "usr_42", addresses: {}, channels: ["email"], requestId: "req_1" },
      ...{ createdAt: at(0), processingAt: at(1), settledAt: at(4) },
    },
  });
  await database.delivery.create({
    data: {
      ...{ id: delivery, tenantId: owner, mode: "live", notificationId: id, channel: "email", address, priority: 2 },
      ...{ recipientId: "usr_42", status: "DELIVERED", siblings: 1, attempt: 3, busy: 1, provider: "smtp" },
      ...{ providerMessageId: "m1", reason: "250 OK", createdAt: at(2), sentAt: at(3), settledAt: at(5) },
    },
  });
  return { notification: id, delivery };
}

function replay(endpoint = endpointId, since = new Date(Date.now() - 60_000), cursor?: string) {
  const queueReports = async (reports: readonly { id: string }[]) => void queued.push(...reports.map(({ id }) => id));
  return replayReports({ database, queueReports }, { tenantId, mode: "live" }, endpoint, { since, cursor });
}

async function bodies(endpoint = endpointId): Promise<ReportBody[]> {
  const rows = await database.report.findMany({ where: { tenantId, endpointId: endpoint }, orderBy: { id: "asc" } });
  return rows.map(bodyOf);
}
const typesOf = (told: readonly ReportBody[]) => told.map(({ type }) => type);

const story = [
  "notification.accepted",
  "notification.processing",
  "delivery.queued",
  "delivery.sent",
  "notification.sent",
  "delivery.delivered",
];

it("tells each step in order, as it was then, and at the time it happened", async () => {
  await makeStory();
  expect(await replay()).toEqual({ reports: 6, hasMore: false, nextCursor: null });
  const told = await bodies();
  expect(typesOf(told)).toEqual(story);
  expect(told.map(({ timestamp }) => timestamp)).toEqual(told.map(({ timestamp }) => timestamp).toSorted());
  expect(told.map(({ data }) => (data as { status: string }).status)).toEqual([
    "PENDING",
    "PROCESSING",
    "QUEUED",
    "SENT",
    "SENT",
    "DELIVERED",
  ]);
  expect(told[2]?.data).toMatchObject({ provider: null, attempt: 0, category: "orders", reason: null });
  expect(told[5]?.data).toMatchObject({
    provider: "smtp",
    providerMessageId: "m1",
    attempt: 2,
    reason: "250 OK",
    address,
    recipientId: "usr_42",
  });
});

it("tells of a bounce what kind it was", async () => {
  const { delivery } = await makeStory();
  await database.delivery.updateMany({
    where: { tenantId, id: delivery },
    data: { status: "BOUNCED", bounce: "hard", reason: "550 no such user" },
  });
  await replay();
  const told = await bodies();
  const bounced = { status: "BOUNCED", bounce: { kind: "hard", reason: "550 no such user" } };
  expect(told.at(-1)).toMatchObject({ type: "delivery.bounced", data: bounced });
  expect(told.find(({ type }) => type === "delivery.sent")?.data).toMatchObject({ bounce: null });
});

it("tells nothing twice, nor what was told when it happened", async () => {
  const { notification, delivery } = await makeStory();
  await writeReports(database, [
    { tenantId, mode: "live", type: "delivery.sent", notificationId: notification, facts: { id: delivery } },
  ]);
  expect((await replay()).reports).toBe(5);
  expect((await replay()).reports).toBe(0);
  const together = await Promise.all(Array.from({ length: 3 }, async () => replay(await makeEndpoint())));
  expect(together.map(({ reports }) => reports)).toEqual([6, 6, 6]);
  expect(queued).toHaveLength(5 + 18);
});

it("tells everything once to two who ask at the same time", async () => {
  await makeStory();
  const both = await Promise.all([replay(), replay()]);
  expect(both[0].reports + both[1].reports).toBe(6);
});

it("never makes an old event look newer than what came after it", async () => {
  const { notification, delivery } = await makeStory();
  const told = { tenantId, mode: "live" as const, notificationId: notification };
  await writeReports(database, [{ ...told, type: "delivery.sent", facts: { id: delivery } }]);
  const [live] = await database.report.findMany({ where: { tenantId } });
  await database.report.updateMany({ where: { tenantId }, data: { createdAt: at(3) } });
  await replay();
  const sequences = new Map((await bodies()).map(({ type, data }) => [type, data.sequence]));
  const sent = Number(live?.sequence);
  expect(sequences.get("notification.accepted")).toBe(0);
  expect(sequences.get("delivery.queued")).toBe(0);
  expect(sequences.get("delivery.delivered")).toBe(sent);
});

it("tells the first opening, click and complaint that a receipt told of", async () => {
  const { delivery } = await makeStory();
  const receipt = { account: "a", provider: "smtp", tenantId, deliveryId: delivery, appliedAt: new Date() };
  await database.receipt.createMany({
    data: [
      { ...receipt, id: newUuid(), eventId: newUuid(), kind: "clicked", at: at(8), url: "https://example.com/b" },
      { ...receipt, id: newUuid(), eventId: newUuid(), kind: "clicked", at: at(7), url: "https://example.com/a" },
      { ...receipt, id: newUuid(), eventId: newUuid(), kind: "delivered", at: at(5) },
      { ...receipt, id: newUuid(), eventId: newUuid(), kind: "opened", at: at(6) },
    ],
  });
  await replay();
  const told = await bodies();
  expect(typesOf(told)).toEqual([...story, "delivery.opened", "delivery.clicked"]);
  expect(told.at(-1)?.data).toMatchObject({ url: "https://example.com/a", status: "DELIVERED" });
});

it("asks the endpoint's filters, and looks at no other tenant's notifications", async () => {
  await makeStory();
  const { id: stranger } = await createTestTenant(database);
  await makeStory(stranger);
  const picky = await makeEndpoint({ events: ["delivery.sent", "notification.*"], channels: ["sms"] });
  expect((await replay(picky)).reports).toBe(3);
  expect(typesOf(await bodies(picky))).toEqual([
    "notification.accepted",
    "notification.processing",
    "notification.sent",
  ]);
});

it("begins at the time it is told, and goes on after a cursor", async () => {
  const first = await makeStory();
  await makeStory();
  expect((await replay(endpointId, new Date(Date.now() + 1_000))).reports).toBe(0);
  expect((await replay(endpointId, undefined, cursorOf(first.notification))).reports).toBe(6);
  expect((await replay()).reports).toBe(6);
});

it("is refused for an endpoint that is disabled", async () => {
  const disabled = await makeEndpoint({ enabled: false });
  await expect(replay(disabled)).rejects.toMatchObject({ code: "conflict" });
});
