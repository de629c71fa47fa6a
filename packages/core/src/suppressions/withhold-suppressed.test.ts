import { type Database, openDatabase, Prisma } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { newUuid } from "@tidings/shared/ids";
import { type Priority, priorityRank } from "@tidings/shared/priorities";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { getNotification } from "../notifications/get-notification";
import { tellTimeline } from "../notifications/tell-timeline";
import { createRoute, type RoutedDelivery } from "../pipeline/route";
import { addSuppressions, type NewSuppression } from "./add-suppressions";
import { suppressionOf } from "./suppression-of";

let database: Database;
let tenantId: string;
let queued: string[];
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 4, applicationName: "test" });
});
afterAll(() => database?.$disconnect());
beforeEach(async () => {
  queued = [];
  tenantId = (await createTestTenant(database)).id;
});

const suppress = (...rows: Partial<NewSuppression>[]) =>
  addSuppressions(
    database,
    rows.map((row) => ({
      tenantId,
      mode: "live",
      channel: "email",
      address: "ann@example.com",
      category: "",
      reason: "hard_bounce",
      detail: null,
      ...row,
    })),
  );

interface Wishes {
  mode?: "live" | "test";
  category?: string | null;
  priority?: Priority;
  addresses?: Record<string, string>;
  channels?: string[];
}

/** Accepts and routes a notification. @returns its story */
async function routed({ priority = "normal", ...wishes }: Wishes = {}) {
  const id = newUuid();
  const row = { mode: "live" as const, addresses: { email: "Ann@example.com" }, channels: ["email"], ...wishes };
  const { mode } = row;
  const rank = priorityRank(priority);
  await database.notification.create({
    data: {
      id,
      tenantId,
      status: "PENDING",
      priority: rank,
      bulk: false,
      requestId: "r",
      createdAt: new Date(),
      ...row,
    },
  });
  const route = createRoute({
    database,
    enqueue: async (deliveries) => void queued.push(...deliveries.map((delivery) => delivery.id)),
    withSenders: async (deliveries): Promise<RoutedDelivery[]> => [...deliveries],
    queueReports: async () => {},
    logger: createLogger({ name: "test", level: "silent" }),
    metrics: createMetrics({ process: "test" }),
  });
  const value = Buffer.from(JSON.stringify({ id, tenantId, mode, priority: rank }));
  await route([{ topic: "t", partition: 0, offset: id, key: "k", value }]);
  return await getNotification(database, { tenantId, mode }, id);
}
const statusesOf = ({ deliveries }: Awaited<ReturnType<typeof routed>>) =>
  Object.fromEntries(deliveries.map(({ delivery }) => [delivery.channel, delivery.status]));

describe("a delivery to a suppressed address", () => {
  it("is written as skipped with its reason, is never queued, and settles its notification", async () => {
    await suppress({ detail: "550 no such user" });
    const story = await routed();
    const reason = "suppressed: hard bounce (550 no such user)";
    expect(story.deliveries).toMatchObject([{ delivery: { status: "SKIPPED", reason, attempt: 0 }, attempts: [] }]);
    expect(story.deliveries[0]?.delivery.settledAt).toBeInstanceOf(Date);
    expect(story.notification).toMatchObject({ status: "SKIPPED", reason });
    expect(tellTimeline(story).map(({ event, detail }) => [event, detail])).toEqual([
      ["notification.accepted", undefined],
      ["notification.processing", undefined],
      ["delivery.queued", "email to Ann@example.com"],
      ["delivery.skipped", reason],
      ["notification.skipped", reason],
    ]);
    expect(queued).toEqual([]);
  });

  it("keeps none of its siblings back", async () => {
    await suppress({});
    const addresses = { email: "ann@example.com", phone: "+14155550100" };
    const story = await routed({ addresses, channels: ["email", "sms"] });
    expect(statusesOf(story)).toEqual({ email: "SKIPPED", sms: "QUEUED" });
    expect(story.deliveries.map(({ delivery }) => delivery.siblings)).toEqual([2, 2]);
    expect(story.notification).toMatchObject({ status: "PROCESSING", reason: null, settledAt: null });
    expect(queued).toHaveLength(1);
  });

  it("is skipped in test mode too, so that a test tells what live would do", async () => {
    await suppress({});
    expect((await routed({ mode: "test" })).notification.status).toBe("SKIPPED");
  });

  it("goes out for another tenant", async () => {
    await suppress({});
    tenantId = (await createTestTenant(database)).id;
    expect((await routed()).notification.status).toBe("PROCESSING");
  });

  it("is told to those endpoints that want to know, in order", async () => {
    await suppress({});
    const endpoint = { tenantId, mode: "live", url: "https://example.com", sealedSecret: "s", id: newUuid() };
    await database.endpoint.create({ data: { ...endpoint, events: ["*"] } });
    await routed();
    await routed({ addresses: { email: "bob@example.com" } });
    await routed({ channels: ["sms"] });
    const reports = await database.report.findMany({ where: { tenantId }, orderBy: { sequence: "asc" } });
    expect(reports.map(({ type }) => type)).toEqual([
      ...["notification.processing", "delivery.skipped", "notification.skipped"],
      ...["notification.processing", "delivery.queued"],
      ...["notification.processing", "notification.failed"],
    ]);
  });
});

describe("what a suppression holds for", () => {
  beforeEach(async () => {
    await database.category.createMany({
      data: [
        { tenantId, key: "receipts", name: "Receipts", transactional: true },
        { tenantId, key: "offers", name: "Offers" },
      ],
    });
  });

  const all = "";
  it.each<[NewSuppression["reason"], string, Wishes, "SKIPPED" | "QUEUED"]>([
    ["hard_bounce", all, { category: "receipts", priority: "critical" }, "SKIPPED"],
    ["complaint", all, { category: "receipts" }, "SKIPPED"],
    ["stop", all, { category: null, priority: "critical" }, "SKIPPED"],
    ["manual", all, { category: "receipts", priority: "critical" }, "SKIPPED"],
    ["manual", "offers", { category: "offers" }, "SKIPPED"],
    ["manual", "offers", { category: "receipts" }, "QUEUED"],
    ["manual", "offers", { category: null }, "QUEUED"],
    ["manual", "receipts", { category: "receipts" }, "SKIPPED"],
    ["unsubscribe", "offers", { category: "offers", priority: "critical" }, "SKIPPED"],
    ["unsubscribe", "offers", { category: "news" }, "QUEUED"],
    ["unsubscribe", "offers", { category: null }, "QUEUED"],
    ["unsubscribe", "receipts", { category: "receipts" }, "QUEUED"],
    ["unsubscribe", all, { category: "offers" }, "SKIPPED"],
    ["unsubscribe", all, { category: "unheard_of" }, "SKIPPED"],
    ["unsubscribe", all, { category: "receipts" }, "QUEUED"],
    ["unsubscribe", all, { category: null }, "SKIPPED"],
    ["unsubscribe", all, { category: null, priority: "critical" }, "QUEUED"],
  ])("%s of %j and a notification %j: %s", async (reason, category, wishes, status) => {
    await suppress({ reason, category });
    expect(statusesOf(await routed(wishes))).toEqual({ email: status });
  });

  it("is one channel", async () => {
    await suppress({ channel: "sms", address: "+14155550100", reason: "stop" });
    const story = await routed({ addresses: { phone: "+14155550100" }, channels: ["sms", "whatsapp"] });
    expect(statusesOf(story)).toEqual({ sms: "SKIPPED", whatsapp: "QUEUED" });
  });

  it("is told by its gravest reason", async () => {
    await suppress({ category: "offers", reason: "unsubscribe" }, { reason: "complaint" });
    expect((await routed({ category: "offers" })).notification.reason).toBe("suppressed: complaint");
    await suppress({ address: "bob@example.com", category: "offers", reason: "unsubscribe" });
    const { notification } = await routed({ category: "offers", addresses: { email: "bob@example.com" } });
    expect(notification.reason).toBe("suppressed: unsubscribed from offers");
  });
});

it("is found by one look at an index, however many there are", async () => {
  await database.$executeRaw`
    INSERT INTO suppression (tenant_id, channel, address, category, id, reason)
    SELECT ${tenantId}::uuid, 'email', 'p' || n || '@example.com', '', uuidv7(), 'manual' FROM generate_series(1, 20000) AS n`;
  const plan = await database.$queryRaw<Record<"QUERY PLAN", string>[]>(Prisma.sql`
    EXPLAIN SELECT FROM (
      SELECT ${tenantId}::uuid AS tenant_id, 'email' AS channel, 'P' || n || '@example.com' AS address, '' AS category,
        2 AS priority
      FROM generate_series(1, 500) AS n
    ) AS v CROSS JOIN LATERAL ${suppressionOf} AS found`);
  expect(plan.map((line) => line["QUERY PLAN"]).join("\n")).toMatch(/Index Cond: .*tenant_id.*channel.*address/);
});
