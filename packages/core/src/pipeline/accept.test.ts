import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import type { EventLog, PublishMessage } from "@tidings/runtime/event-log/event-log";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { publicId } from "@tidings/shared/ids";
import { type Priority, priorities } from "@tidings/shared/priorities";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { ReadyNotification } from "../notifications/read-request";
import { type AcceptContext, createAccept } from "./accept";
import { createPublish } from "./publish";
import { topicsOf } from "./topics";

const topics = topicsOf("t");
const published: PublishMessage[] = [];
let database: Database;
let context: AcceptContext;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
});
afterAll(() => database?.$disconnect());
beforeEach(async () => {
  const { id: tenantId } = await createTestTenant(database);
  context = { tenantId, mode: "test", requestId: "req_1", idempotency: null };
  published.length = 0;
});

function openAccept() {
  const metrics = createMetrics({ process: "test" });
  const eventLog = {
    publish: async (messages: readonly PublishMessage[]) => void published.push(...messages),
  } as unknown as EventLog;
  const logger = createLogger({ name: "test", level: "silent" });
  const publish = createPublish({ eventLog, namespace: "t", logger, metrics });
  return createAccept({ database, publish, queueReports: async () => {}, metrics });
}

const notificationOf = (priority: Priority): ReadyNotification => ({
  ...{
    channels: ["email"],
    recipientId: "usr_42",
    addresses: { email: "ann@example.com" },
    template: null,
    data: null,
  },
  ...{ content: { email: { subject: "Hello", text: "Hi" } }, locale: null, category: null, sendAt: null, priority },
});

/** The topic that each of these notifications was published to. */
const topicsTaken = (ids: readonly string[]) => {
  const topicOf = new Map(
    published.map(({ topic, value }) => [publicId("notification", JSON.parse(value).id), topic] as const),
  );
  return ids.map((id) => topicOf.get(id));
};

it("keeps single notifications on the direct topic, but for low priority", async () => {
  const { accept } = openAccept();
  const ids: string[] = [];
  for (const priority of priorities) ids.push((await accept(context, notificationOf(priority))).id);
  expect(priorities).toEqual(["critical", "high", "normal", "low"]);
  expect(topicsTaken(ids)).toEqual([topics.direct, topics.direct, topics.direct, topics.bulk]);
});

it("puts a batch on the bulk topic, but for what is urgent in it", async () => {
  const { acceptBatch } = openAccept();
  const items = priorities.map((priority, index) => ({ index, notification: notificationOf(priority) }));
  const answers = await acceptBatch(context, items);
  const ids = answers.map((answer) => ("id" in answer ? answer.id : ""));
  expect(topicsTaken(ids)).toEqual([topics.direct, topics.direct, topics.bulk, topics.bulk]);
});
