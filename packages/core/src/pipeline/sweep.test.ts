import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics, type Metrics } from "@tidings/runtime/metrics";
import { firstUuidAt, newUuid } from "@tidings/shared/ids";
import type { NotificationStatus } from "@tidings/shared/lifecycles";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { deliveryId } from "./delivery-id";
import type { QueuedDelivery } from "./queued-deliveries";
import type { RoutedDelivery } from "./route";
import { createSweep } from "./sweep";

const withSenders = async (deliveries: readonly QueuedDelivery[]): Promise<RoutedDelivery[]> => [...deliveries];

let database: Database;
let tenantId: string;
let published: string[];
let queued: string[];
let metrics: Metrics;
let canPublish: boolean;
let epoch: { gone: boolean; begun: number };
let stop: () => Promise<void>;

beforeEach(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
  tenantId = (await createTestTenant(database)).id;
  published = [];
  queued = [];
  metrics = createMetrics({ process: "test" });
  canPublish = true;
  epoch = { gone: false, begun: 0 };
});
afterEach(async () => {
  await stop();
  await database.$disconnect();
});

/** The sweeper on a real database; what it hands on is written down here. */
function startSweep(): void {
  const stopping = new AbortController();
  const running = createSweep({
    database,
    async publish(batch) {
      if (canPublish) published.push(...batch.map(({ id }) => id));
      return canPublish;
    },
    findLost: async (deliveries) => deliveries,
    enqueue: async (deliveries) => void queued.push(...deliveries.map(({ id }) => id)),
    withSenders,
    epoch: {
      isGone: async () => epoch.gone,
      async begin() {
        epoch = { gone: false, begun: epoch.begun + 1 };
      },
    },
    logger: createLogger({ name: "test", level: "silent" }),
    metrics,
  }).run(stopping.signal);
  stop = async () => {
    stopping.abort();
    await running;
  };
}

/** A notification accepted `agoMs` ago, with a delivery that waits when it is being processed. */
async function stored(status: NotificationStatus, agoMs: number, sendAt: Date | null = null, priority = 2) {
  const createdAt = new Date(Date.now() - agoMs);
  const id = firstUuidAt(createdAt.getTime()).slice(0, 14) + newUuid().slice(14);
  const common = { tenantId, mode: "test", priority, createdAt };
  const row = { ...common, id, status, bulk: false, channels: ["email"], addresses: {}, requestId: "r", sendAt };
  await database.notification.create({ data: row });
  const delivery = deliveryId(id, "email", "ann@example.com");
  if (status === "PROCESSING") {
    const more = { notificationId: id, channel: "email", address: "ann@example.com", siblings: 1 };
    await database.delivery.create({ data: { ...common, ...more, id: delivery, status: "QUEUED" } });
  }
  return { id, delivery };
}
const listed = () => database.schedule.findMany({ orderBy: { dueAt: "asc" } });
const swept = async (reason: string) =>
  (await metrics.swept.get()).values.find(({ labels }) => labels.reason === reason)?.value ?? 0;
const markAt = async () => (await database.sweepMark.findUnique({ where: { name: "notification" } }))?.position;

describe("the sweeper", () => {
  it("publishes what stayed PENDING, and leaves alone what is settled or too young to be forgotten", async () => {
    const forgotten = await stored("PENDING", 60_000);
    await stored("SENT", 50_000);
    const last = await stored("FAILED", 40_000);
    const young = await stored("PENDING", 1_000);
    startSweep();
    await expect.poll(() => published, { timeout: 5_000 }).toEqual([forgotten.id]);
    expect(await markAt()).toBe(last.id);
    expect((await listed()).map((row) => row.notificationId)).toEqual([forgotten.id]);
    expect(published).not.toContain(young.id);
    expect(await swept("publication_lost")).toBe(1);
  });

  it("publishes what is critical before a flood that came first", async () => {
    const { id: first } = await stored("PENDING", 120_000, null, 3);
    await database.$executeRaw`
      INSERT INTO notification SELECT (copy).* FROM (
        SELECT jsonb_populate_record(n, jsonb_build_object('id', left(n.id::text, 24) || lpad(to_hex(i), 12, '0'))) AS copy
        FROM notification AS n, generate_series(1, 5000) AS i WHERE n.id = ${first}::uuid) AS copies`;
    const urgent = await stored("PENDING", 60_000, null, 0);
    await database.$executeRaw`
      INSERT INTO schedule (notification_id, tenant_id, priority, due_at)
      SELECT id, tenant_id, priority, created_at FROM notification`;
    startSweep();
    await expect.poll(() => published.length, { timeout: 8_000 }).toBe(5_002);
    expect(published[0]).toBe(urgent.id);
  });

  it("tries again soon when it can't publish", async () => {
    canPublish = false;
    const { id } = await stored("PENDING", 600_000);
    startSweep();
    await expect
      .poll(async () => (await listed())[0]?.dueAt.getTime() ?? 0, { timeout: 5_000 })
      .toBeGreaterThan(Date.now() + 1_000);
    expect((await listed())[0]).toMatchObject({ notificationId: id });
    expect((await listed())[0]?.dueAt.getTime()).toBeLessThan(Date.now() + 6_000); // and not in five minutes, by its age
  });

  it("starts a schedule when it is due, not before, and lists it until it is settled", async () => {
    const due = await stored("SCHEDULED", 60_000, new Date(Date.now() - 1_000));
    const later = await stored("SCHEDULED", 60_000, new Date(Date.now() + 3_600_000));
    await database.schedule.createMany({
      data: [
        { notificationId: due.id, tenantId, dueAt: new Date(Date.now() - 1_000) },
        { notificationId: later.id, tenantId, dueAt: new Date(Date.now() + 3_600_000) },
      ],
    });
    startSweep();
    await expect.poll(() => published, { timeout: 5_000 }).toEqual([due.id]);
    expect(await database.notification.findUnique({ where: { id: due.id } })).toMatchObject({ status: "PENDING" });
    expect(await database.notification.findUnique({ where: { id: later.id } })).toMatchObject({ status: "SCHEDULED" });
    expect((await listed()).map((row) => row.notificationId)).toEqual([due.id, later.id]);
  });

  it("queues deliveries that were lost, but none that waits for its next attempt", async () => {
    const lost = await stored("PROCESSING", 60_000);
    const waiting = await stored("PROCESSING", 60_000);
    await waitForRetry(waiting.delivery);
    startSweep();
    await expect.poll(listed, { timeout: 5_000 }).toHaveLength(2);
    expect(queued).toEqual([]); // noted now, looked at in a while
    await database.schedule.updateMany({ data: { dueAt: new Date() } });
    await expect.poll(() => queued, { timeout: 5_000 }).toEqual([lost.delivery]);
    await expect.poll(() => swept("queue_entry_lost")).toBe(1);
  });

  it("queues everything at once when the queues were emptied, and publishes what an emptied event log has lost", async () => {
    const lost = await stored("PROCESSING", 60_000);
    const waiting = await stored("PROCESSING", 60_000);
    await waitForRetry(waiting.delivery);
    const pending = await stored("PENDING", 600_000);
    startSweep();
    await expect.poll(() => published, { timeout: 5_000 }).toEqual([pending.id]);
    epoch.gone = true;
    await expect
      .poll(() => queued.toSorted(), { timeout: 5_000 })
      .toEqual([lost.delivery, waiting.delivery].toSorted());
    await expect.poll(() => published, { timeout: 5_000 }).toEqual([pending.id, pending.id]);
    expect(epoch.begun).toBe(1);
    expect(await swept("queues_emptied")).toBe(1);
  });
});

const waitForRetry = (id: string) =>
  database.delivery.update({ where: { id }, data: { nextAttemptAt: new Date(Date.now() + 600_000) } });
