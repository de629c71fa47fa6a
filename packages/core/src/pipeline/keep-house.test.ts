import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createPartitions } from "@tidings/db/partitions";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { firstUuidAt, newUuid } from "@tidings/shared/ids";
import { plans } from "@tidings/shared/plans";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { deliveryId } from "./delivery-id";
import { keepRetention } from "./keep-house";
import { noteUnsettled, takeDue } from "./look-at-unsettled";

const dayMs = 86_400_000;
const retentionDays = 400;
let database: Database;
let metrics: ReturnType<typeof createMetrics>;
let tenantId: string;

beforeEach(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 4, applicationName: "test" });
  metrics = createMetrics({ process: "test" });
  tenantId = (await createTestTenant(database)).id;
});
afterEach(() => database.$disconnect());

/** A notification of some days ago with a delivery, an attempt, a dead letter and an inbox item, all of that age. */
async function stored(daysAgo: number, status: "SENT" | "SCHEDULED" | "PROCESSING"): Promise<string> {
  const createdAt = new Date(Date.now() - daysAgo * dayMs);
  await createPartitions(database, createdAt, createdAt);
  const idOfThen = () => firstUuidAt(createdAt.getTime()).slice(0, 14) + newUuid().slice(14);
  const id = idOfThen();
  const common = { tenantId, mode: "test", priority: 2, createdAt };
  const sendAt = status === "SCHEDULED" ? new Date(Date.now() + dayMs) : null;
  const row = { ...common, id, status, bulk: false, channels: ["email"], addresses: {}, requestId: "r", sendAt };
  await database.notification.create({ data: row });
  if (sendAt) await database.schedule.create({ data: { notificationId: id, tenantId, dueAt: sendAt } });
  const dead = { tenantId, mode: "test", topic: "t", partition: 0, payload: new Uint8Array(), reason: "r", createdAt };
  await database.deadLetter.create({
    data: { ...dead, id: newUuid(), notificationId: id, position: id, replayedAt: createdAt },
  });
  await database.deadLetter.create({ data: { ...dead, id: idOfThen(), tenantId: null, position: `unreadable ${id}` } });
  if (status === "SCHEDULED") return id;

  const delivery = deliveryId(id, "in_app", "ann");
  const open = status === "PROCESSING" ? "QUEUED" : "SENT";
  const message = { id: delivery, notificationId: id, channel: "in_app", address: "ann", siblings: 1, status: open };
  await database.delivery.create({ data: { ...common, ...message } });
  const tried = { tenantId, number: 1, provider: "inbox", outcome: "sent", startedAt: createdAt, durationMs: 1 };
  await database.attempt.create({ data: { ...tried, deliveryId: delivery } });
  const item = { id: delivery, tenantId, mode: "test", recipientId: "ann", title: "Hello", body: "Hi", createdAt };
  await database.inboxItem.create({ data: item });
  return id;
}

/** The sweeper's look at all there is. */
async function sweep(): Promise<void> {
  await database.$transaction(async (transaction) => {
    await noteUnsettled(transaction, 1_000);
    await takeDue(transaction, 1_000);
  });
}
const run = () =>
  keepRetention({ database, logger: createLogger({ name: "test", level: "silent" }), metrics }, retentionDays);
const dropped = async () => (await metrics.partitionsDropped.get()).values[0]?.value;
const keptIds = async () => (await database.notification.findMany({ orderBy: { id: "asc" } })).map(({ id }) => id);
/** How the name of a partition ends whose week begins at the retention. */
const limitOfWeeks = () =>
  new Date(Date.now() - (retentionDays + 7) * dayMs).toISOString().slice(0, 10).replaceAll("-", "");

describe("retention", () => {
  it("drops weeks that lie wholly before it, and what belongs to them; inboxes stay", async () => {
    await stored(retentionDays + 20, "SENT");
    await stored(retentionDays + 8, "SENT");
    const young = await stored(retentionDays - 1, "SENT");
    await sweep();
    await run();
    expect(await keptIds()).toEqual([young]);
    expect(await dropped()).toBe(2);
    expect(await database.delivery.count()).toBe(1);
    expect(await database.attempt.count()).toBe(1);
    expect(await database.inboxItem.count()).toBe(3);
    const letters = await database.deadLetter.findMany();
    expect(letters.map(({ notificationId }) => notificationId)).toEqual(expect.arrayContaining([young, null]));
    expect(letters).toHaveLength(2);
    const tables = await database.$queryRaw<{ tables: number }[]>`
      SELECT count(*)::int AS tables FROM pg_class
      WHERE relkind = 'r' AND relname ~ '^(notification|delivery|attempt)_' AND right(relname, 8) < ${limitOfWeeks()}`;
    expect(tables).toEqual([{ tables: 0 }]);
  });

  it("keeps a week as long as one of its notifications is not settled", async () => {
    const scheduled = await stored(retentionDays + 30, "SCHEDULED");
    const waiting = await stored(retentionDays + 20, "PROCESSING");
    await stored(retentionDays + 10, "SENT");
    await sweep();
    await run();
    expect(await keptIds()).toEqual([scheduled, waiting]);
    expect(await database.deadLetter.count({ where: { notificationId: { not: null } } })).toBe(2);

    await database.notification.update({ where: { id: waiting }, data: { status: "SENT" } });
    await database.schedule.updateMany({ where: { notificationId: waiting }, data: { dueAt: new Date(0) } });
    await sweep();
    await run();
    expect(await keptIds()).toEqual([scheduled]);
  });

  it("keeps what the sweeper has not read yet: nobody knows whether it is settled", async () => {
    const unread = await stored(retentionDays + 10, "PROCESSING");
    await run();
    expect(await keptIds()).toEqual([unread]);
  });

  it.each([
    ["another process is at it", "SELECT pg_advisory_xact_lock(hashtext('tidings.drop_week'))::text"],
    ["a table is in use", "SELECT count(*)::text FROM delivery"],
  ])("leaves it to the next run when %s, without standing in the way", async (_, lock) => {
    await stored(retentionDays + 10, "SENT");
    await sweep();
    await database.$transaction(async (transaction) => {
      await transaction.$queryRawUnsafe(lock);
      const started = performance.now();
      await run();
      expect(performance.now() - started).toBeLessThan(1_000);
      expect(await dropped()).toBe(0);
      expect(await database.attempt.count()).toBe(1);
    });
    await run();
    expect(await dropped()).toBe(1);
  });
});

describe("retention by plan", () => {
  const days = plans.free.retentionDays;
  const onPlan = (plan: string) => database.tenant.update({ where: { id: tenantId }, data: { plan } });
  const deletedOf = async (table: string) =>
    (await metrics.retentionDeleted.get()).values.find(({ labels }) => labels.table === table)?.value ?? 0;

  async function told(notificationId: string | null, daysAgo: number): Promise<void> {
    const id = firstUuidAt(Date.now() - daysAgo * dayMs).slice(0, 14) + newUuid().slice(14);
    const event = { tenantId, mode: "test", endpointId: newUuid(), type: "delivery.sent", facts: {} };
    await database.report.create({ data: { ...event, id, notificationId } });
    const tried = { tenantId, number: 1, outcome: "failed", startedAt: new Date(), durationMs: 1 };
    await database.reportAttempt.create({ data: { ...tried, reportId: id } });
  }

  it("deletes what a tenant's plan keeps no longer, with all that belongs to it", async () => {
    await onPlan("free");
    const old = await stored(days + 1, "SENT");
    await told(old, days + 1);
    await told(null, days + 1);
    const young = await stored(days - 1, "SENT");
    await told(young, days - 1);
    await run();
    expect(await keptIds()).toEqual([young]);
    expect(await database.delivery.findMany()).toMatchObject([{ notificationId: young }]);
    expect(await database.attempt.count()).toBe(1);
    expect(await database.report.findMany()).toMatchObject([{ notificationId: young }]);
    expect(await database.reportAttempt.count()).toBe(1);
    expect(await database.deadLetter.count({ where: { notificationId: old } })).toBe(0);
    expect(await database.inboxItem.count()).toBe(2);
    expect(await deletedOf("notification")).toBe(1);
    expect(await deletedOf("report")).toBe(2);
  });

  it("leaves what is not settled, or was only now, and tenants whose plan keeps everything", async () => {
    const untouched = await stored(retentionDays - 10, "SENT");
    const other = await createTestTenant(database, { plan: "free" });
    tenantId = other.id;
    const waiting = await stored(days + 20, "PROCESSING");
    const scheduled = await stored(days + 10, "SCHEDULED");
    const justNow = await stored(days + 5, "SENT");
    await database.notification.updateMany({ where: { id: justNow }, data: { settledAt: new Date() } });
    await run();
    expect(await keptIds()).toEqual([untouched, waiting, scheduled, justNow]);
    expect(await database.delivery.count()).toBe(3);
  });

  it("is nothing where the platform itself keeps no more", async () => {
    await onPlan("growth");
    const id = await stored(20, "SENT");
    await keepRetention({ database, logger: createLogger({ name: "test", level: "silent" }), metrics }, 30);
    expect(await keptIds()).toEqual([id]);
  });

  it("deletes many, page by page", async () => {
    await onPlan("free");
    const id = await stored(days + 1, "SENT");
    await database.$executeRaw`
      INSERT INTO notification SELECT (copy).* FROM (
        SELECT jsonb_populate_record(n, jsonb_build_object('id', left(n.id::text, 24) || lpad(to_hex(i), 12, '0'))) AS copy
        FROM notification AS n, generate_series(1, 1200) AS i WHERE n.id = ${id}::uuid) AS copies`;
    await run();
    expect(await keptIds()).toEqual([]);
    expect(await deletedOf("notification")).toBe(1_201);
  });
});
