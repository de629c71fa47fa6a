import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { newUuid } from "@tidings/shared/ids";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import type { QueuedDelivery } from "./queued-deliveries";
import { createRoute, type RoutedDelivery } from "./route";

const withSenders = async (deliveries: readonly QueuedDelivery[]): Promise<RoutedDelivery[]> => [...deliveries];

let database: Database;
let tenantId: string;
const queued: RoutedDelivery[] = [];
let offset = 0;

beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 4, applicationName: "test" });
  tenantId = (await createTestTenant(database)).id;
});
afterAll(() => database?.$disconnect());

async function pending(): Promise<string> {
  const id = newUuid();
  const row = {
    id,
    tenantId,
    mode: "test",
    status: "PENDING",
    priority: 2,
    bulk: false,
    requestId: "r",
    createdAt: new Date(),
  };
  await database.notification.create({
    data: { ...row, addresses: { email: "ann@example.com" }, channels: ["email"] },
  });
  return id;
}
const received = (value: string) => {
  offset += 1;
  return { topic: "t", partition: 0, offset: String(offset), key: "k", value: Buffer.from(value) };
};
const messageOf = (id: string, tenant = tenantId) =>
  received(JSON.stringify({ id, tenantId: tenant, mode: "test", priority: 2 }));

function createTestRoute() {
  return createRoute({
    database,
    enqueue: async (deliveries) => void queued.push(...deliveries),
    withSenders,
    queueReports: async () => {},
    logger: createLogger({ name: "test", level: "silent" }),
    metrics: createMetrics({ process: "test" }),
  });
}

it("queues again what was routed before and is not sent yet, without a second delivery", async () => {
  const route = createTestRoute();
  const id = await pending();
  await route([messageOf(id), messageOf(id)]);
  await route([messageOf(id)]);
  const deliveries = await database.delivery.findMany({ where: { tenantId, notificationId: id } });
  expect(deliveries).toMatchObject([{ status: "QUEUED", address: "ann@example.com", siblings: 1 }]);
  expect(new Set(queued.map((entry) => entry.id))).toEqual(new Set([deliveries[0]?.id]));
  expect(queued.length).toBeGreaterThanOrEqual(2);
});

it("goes on behind a notification that cannot be routed, and keeps one dead letter of it", async () => {
  const route = createTestRoute();
  const [before, bad, after] = [await pending(), await pending(), await pending()];
  await database.$executeRaw`UPDATE notification SET channels = NULL WHERE id = ${bad}::uuid`; // as no accept writes it
  await route([messageOf(before), received("not json"), messageOf(bad), messageOf(after)]);
  await route([messageOf(bad)]); // the sweeper publishes it again
  const statuses = await database.notification.findMany({
    where: { id: { in: [before, bad, after] } },
    orderBy: { id: "asc" },
    select: { status: true },
  });
  expect(statuses.map(({ status }) => status)).toEqual(["PROCESSING", "PENDING", "PROCESSING"]);
  const letters = await database.deadLetter.findMany({ orderBy: { id: "asc" } });
  expect(letters).toMatchObject([
    { tenantId: null, notificationId: null },
    { tenantId, notificationId: bad },
  ]);
});

it("lets nobody route another tenant's notification", async () => {
  const id = await pending();
  await createTestRoute()([messageOf(id, newUuid())]);
  expect(await database.notification.findUnique({ where: { id } })).toMatchObject({ status: "PENDING" });
  expect(await database.delivery.count({ where: { notificationId: id } })).toBe(0);
});
