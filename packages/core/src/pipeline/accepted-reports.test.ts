import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createMetrics } from "@tidings/runtime/metrics";
import { publicId, uuidOf } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { cancelNotification } from "../notifications/cancel-notification";
import type { ReadyNotification } from "../notifications/read-request";
import { storeEndpoint } from "../reports/testing/stored-reports";
import type { WrittenReport } from "../reports/write-reports";
import { type Accept, createAccept } from "./accept";

let database: Database;
let accept: Accept;
let tenantId: string;
let queued: WrittenReport[];
const queueReports = async (reports: readonly WrittenReport[]) => void queued.push(...reports);
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
  const metrics = createMetrics({ process: "test" });
  accept = createAccept({ database, publish: async () => true, queueReports, metrics });
});
afterAll(() => database?.$disconnect());
beforeEach(async () => {
  tenantId = (await createTestTenant(database)).id;
  queued = [];
});

const notification: ReadyNotification = {
  channels: ["email"],
  recipientId: "usr_42",
  addresses: { email: "ann@example.com" },
  template: null,
  data: null,
  content: { email: { subject: "Hello", text: "Hi" } },
  locale: null,
  category: "orders",
  priority: "normal",
  sendAt: null,
};
const send = (more: Partial<ReadyNotification> = {}, key?: string) => {
  const idempotency = key === undefined ? null : { key, bodyHash: "same" };
  return accept.accept({ tenantId, mode: "test", requestId: "req_1", idempotency }, { ...notification, ...more });
};
const reports = () => database.report.findMany({ where: { tenantId }, orderBy: { sequence: "asc" } });
const later = () => new Date(Date.now() + 3_600_000);

it("tells an endpoint of what was accepted, in the statement that stores it", async () => {
  const { id: endpointId } = await storeEndpoint(database, tenantId, { events: ["notification.*"] });
  await storeEndpoint(database, tenantId, { events: ["delivery.*"] });
  const { id } = await send();
  const [told, ...more] = await reports();
  expect(more).toEqual([]);
  expect(told).toMatchObject({ endpointId, type: "notification.accepted", notificationId: uuidOf("notification", id) });
  expect(told?.facts).toMatchObject({
    status: "PENDING",
    category: "orders",
    recipientId: "usr_42",
    requestId: "req_1",
  });
  expect(queued).toEqual([{ id: told?.id, endpointId }]);
  await send({ sendAt: later() });
  expect((await reports()).at(-1)?.facts).toMatchObject({ status: "SCHEDULED" });
});

it("tells once of a request that was made several times", async () => {
  await storeEndpoint(database, tenantId);
  await Promise.all([send({}, "key"), send({}, "key")]);
  await send({}, "key");
  expect(await reports()).toHaveLength(1);
});

it("tells nothing where no endpoint wants to know", async () => {
  await send();
  expect(await reports()).toEqual([]);
  expect(queued).toEqual([]);
});

it("tells of a notification that was canceled, once, and not of one that was not", async () => {
  await storeEndpoint(database, tenantId, { events: ["notification.canceled"] });
  const { id } = await send({ sendAt: later() });
  const uuid = uuidOf("notification", id) as string;
  const cancel = (one: string) =>
    cancelNotification({ database, queueReports }, { tenantId, mode: "test" }, one).catch((error: unknown) => error);
  await Promise.all([cancel(uuid), cancel(uuid)]);
  const [told, ...more] = await reports();
  expect(more).toEqual([]);
  expect(told).toMatchObject({ type: "notification.canceled", facts: { id: uuid, status: "CANCELED" } });
  expect(queued.map((report) => report.id)).toEqual([told?.id]);
  const sent = uuidOf("notification", (await send()).id) as string;
  await database.notification.updateMany({ where: { id: sent }, data: { status: "SENT" } });
  expect(await cancel(sent)).toMatchObject({ code: "conflict" });
  expect(await reports()).toHaveLength(1);
  expect(publicId("notification", uuid)).toBe(id);
});
