import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { newUuid, publicId } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { erasePerson } from "../people/erase-person";
import { deliveryId } from "../pipeline/delivery-id";
import { storeEndpoint } from "../reports/testing/stored-reports";
import { getMessageStory } from "./get-message-story";

let database: Database;
let tenantId: string;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 4, applicationName: "test" });
});
afterAll(() => database?.$disconnect());
beforeEach(async () => {
  tenantId = (await createTestTenant(database)).id;
});

const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 12, 0, second));
const id = () => newUuid();
const stagesOf = async (notificationId: string) =>
  (await getMessageStory(database, tenantId, notificationId)).stages.map(({ state }) => state).join(" ");

async function accepted(status = "PENDING", changes = {}) {
  const row = {
    id: id(),
    tenantId,
    mode: "test",
    status,
    priority: 2,
    bulk: false,
    addresses: {},
    channels: ["email"],
  };
  await database.notification.create({ data: { ...row, requestId: "checkout-1", createdAt: at(0), ...changes } });
  return row.id;
}

async function planned(notificationId: string, status: string, changes = {}) {
  const address = "ann@example.com";
  const row = { id: deliveryId(notificationId, "email", address), tenantId, mode: "test", notificationId, address };
  const plan = { channel: "email", status, priority: 2, siblings: 1, createdAt: at(2) };
  await database.delivery.create({ data: { ...row, ...plan, ...changes } });
  return row.id;
}

async function attempted(deliveryId: string, account: string | null = null) {
  const said = { outcome: "deferred", reason: "451 try later", choice: "first in order" };
  const about = { tenantId, deliveryId, number: 1, provider: "smtp", account, startedAt: at(3), durationMs: 40 };
  await database.attempt.create({ data: { ...about, ...said } });
}

it("tells at which of the six stages a message is", async () => {
  const one = await accepted();
  expect(await stagesOf(one)).toBe("done now waiting waiting waiting waiting");
  const where = { id: one, tenantId };
  await database.notification.update({ where, data: { status: "PROCESSING", processingAt: at(1) } });
  expect(await stagesOf(one)).toBe("done done now waiting waiting waiting");
  const delivery = await planned(one, "QUEUED");
  expect(await stagesOf(one)).toBe("done done done now waiting waiting");
  await attempted(delivery);
  expect(await stagesOf(one)).toBe("done done done done now waiting");
  await database.notification.update({ where, data: { status: "FAILED", settledAt: at(4) } });
  const { stages } = await getMessageStory(database, tenantId, one);
  expect(stages.map(({ state }) => state).join(" ")).toBe("done done done done failed done");
  expect(stages.map((stage) => stage.at && new Date(stage.at).getUTCSeconds())).toEqual([0, null, 1, 2, 3, 4]);
});

it("tells nothing to be under way while a message waits for its time", async () => {
  const scheduled = await accepted("SCHEDULED", { sendAt: at(3_600) });
  expect(await stagesOf(scheduled)).toBe("done waiting waiting waiting waiting waiting");
});

it("tells which stages a message will never see", async () => {
  const canceled = await accepted("CANCELED", { settledAt: at(5) });
  expect(await stagesOf(canceled)).toBe("done skipped skipped skipped skipped done");
  const unreachable = await accepted("SKIPPED", { processingAt: at(1), settledAt: at(1) });
  expect(await stagesOf(unreachable)).toBe("done done done skipped skipped done");
});

it("names accounts, and tells what endpoints were told with their answers", async () => {
  const account = id();
  const config = { sealedConfig: "", channels: ["email"], receiptToken: account, updatedAt: at(0) };
  await database.providerAccount.create({
    data: { id: account, tenantId, provider: "smtp", name: "Lisbon", ...config },
  });
  const { id: endpointId } = await storeEndpoint(database, tenantId, { url: "https://acme.test/hooks" });
  const one = await accepted("PROCESSING", { processingAt: at(1) });
  await attempted(await planned(one, "QUEUED"), account);
  const report = { id: id(), tenantId, mode: "test", endpointId, notificationId: one, facts: { id: one } };
  await database.report.create({ data: { ...report, type: "notification.accepted", status: "FAILED", attempts: 1 } });
  const tried = { reportId: report.id, tenantId, number: 1, outcome: "failed", startedAt: at(2), durationMs: 12 };
  await database.reportAttempt.create({ data: { ...tried, statusCode: 500, response: "x".repeat(20_000) } });

  const story = await getMessageStory(database, tenantId, one);
  expect(story.senderNames).toEqual({ [publicId("account", account)]: "Lisbon", smtp: "SMTP" });
  expect(story.reports).toMatchObject([
    { type: "notification.accepted", url: "https://acme.test/hooks", attempts: [{ statusCode: 500, durationMs: 12 }] },
  ]);
  expect(story.reports[0]?.attempts[0]?.response).toHaveLength(2_000);
  expect(story.isErased).toBe(false);
});

it("says that its person was erased", async () => {
  const one = await accepted("SENT", { recipientId: "usr_gone_9", settledAt: at(4) });
  await planned(one, "SENT", { recipientId: "usr_gone_9", settledAt: at(4) });
  const logger = createLogger({ name: "test", level: "silent" });
  const deps = { database, queueReports: async () => {}, logger };
  await erasePerson(deps, { tenantId, requestedBy: "key_1" }, { person: { id: "usr_gone_9" }, keepSuppressions: true });
  const story = await getMessageStory(database, tenantId, one);
  expect(story).toMatchObject({ isErased: true, notification: { requestId: "req_erased", deliveries: [{}] } });
  expect(JSON.stringify(story)).not.toContain("usr_gone_9");
});

it("tells nothing to another tenant", async () => {
  const one = await accepted();
  const { id: other } = await createTestTenant(database);
  await expect(getMessageStory(database, other, one)).rejects.toMatchObject({ code: "not_found" });
});
