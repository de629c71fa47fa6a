import { type Database, openDatabase, type Prisma } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid, publicId } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deliveryId } from "../pipeline/delivery-id";
import { exportNotifications } from "./export-notifications";
import { listNotifications } from "./list-notifications";
import type { NotificationFilters } from "./notification-schemas";

let database: Database;
let tenantId: string;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 4, applicationName: "test" });
});
afterAll(() => database?.$disconnect());
beforeEach(async () => {
  tenantId = (await createTestTenant(database)).id;
});

type Wish = Partial<Prisma.NotificationCreateManyInput>;
const notificationOf = (wish: Wish = {}) => ({
  ...{ id: newUuid(), tenantId, mode: "live", status: "SENT", priority: 2, bulk: false, addresses: {} },
  ...{ channels: ["email"], requestId: `req_${newUuid()}`, createdAt: new Date(), ...wish },
});

/** @returns its id */
async function stored(wish: Wish = {}, to: { channel?: string; address?: string; reason?: string }[] = []) {
  const notification = notificationOf(wish);
  await database.notification.create({ data: notification });
  const { id: notificationId, mode, createdAt } = notification;
  for (const { channel = "email", address = "ann@example.com", reason = null } of to) {
    const id = deliveryId(notificationId, channel, address);
    const about = { id, tenantId, mode, notificationId, channel, address, priority: 2, siblings: to.length, createdAt };
    await database.delivery.create({ data: { ...about, reason, status: reason === null ? "SENT" : "FAILED" } });
    const attempt = { tenantId, deliveryId: id, number: 1, provider: "smtp", outcome: "sent", durationMs: 1 };
    await database.attempt.create({
      data: { ...attempt, startedAt: createdAt, providerMessageId: `<${id}@mail.example>` },
    });
  }
  return notificationId;
}

const list = (filters: NotificationFilters = {}, limit = 25, after?: string, budgetMs?: number) =>
  listNotifications(database, { tenantId, mode: "live" }, filters, { limit, after }, budgetMs);
const found = async (filters: NotificationFilters) => (await list(filters)).rows.map(({ id }) => id);

describe("a search", () => {
  it("finds a notification by every exact name it is known by, and nothing of another tenant or mode", async () => {
    const names = { requestId: "checkout-7", idempotencyKey: newUuid(), recipientId: "ann@crm" };
    const id = await stored(names, [{ address: "ann@example.com" }, { channel: "sms", address: "+351910000001" }]);
    await stored({ requestId: "checkout-8", recipientId: "bob" }, [{ address: "bob@example.com" }]);
    const emailed = deliveryId(id, "email", "ann@example.com");
    const typed = [
      publicId("notification", id),
      id,
      publicId("delivery", emailed),
      "ann@crm",
      " Ann@Example.com ",
      "+351 910 000 001",
      "checkout-7",
      names.idempotencyKey,
      `<${emailed}@mail.example>`,
    ];
    for (const q of typed) expect([q, await found({ q })]).toEqual([q, [id]]);
    expect(await found({ q: "checkout-7", status: ["FAILED"] })).toEqual([]);
    expect(await found({ q: "nobody" })).toEqual([]);

    const other = { tenantId: (await createTestTenant(database)).id, mode: "live" } as const;
    for (const q of typed) expect((await listNotifications(database, other, { q }, { limit: 25 })).rows).toEqual([]);
    const asTest = { tenantId, mode: "test" } as const;
    for (const q of typed) expect((await listNotifications(database, asTest, { q }, { limit: 25 })).rows).toEqual([]);
  });

  it("finds what one of our request ids accepted by the time it holds", async () => {
    const requestId = `req_${newUuid()}`;
    const id = await stored({ requestId });
    expect(await found({ q: requestId })).toEqual([id]);
    expect(await found({ q: `req_${newUuid()}` })).toEqual([]);
    expect(await found({ q: "req_erased" })).toEqual([]);
  });

  it("goes on behind a page of one person's messages", async () => {
    const ids: string[] = [];
    for (const _ of "abcde") ids.unshift(await stored({ recipientId: "ann" }, [{}, { channel: "chat" }]));
    const first = await list({ q: "ann@example.com" }, 2);
    const second = await list({ q: "ann@example.com" }, 2, first.after ?? undefined);
    const third = await list({ q: "ann@example.com" }, 2, second.after ?? undefined);
    expect([first, second, third].flatMap(({ rows }) => rows.map(({ id }) => id))).toEqual(ids);
    expect([first, second, third].map(({ hasMore }) => hasMore)).toEqual([true, true, false]);
  });
});

describe("a list", () => {
  it("is narrowed by several statuses and priorities at once", async () => {
    const failed = await stored({ status: "FAILED", priority: 0 });
    const partial = await stored({ status: "PARTIAL", priority: 1 });
    await stored({ status: "SENT", priority: 0 });
    expect(await found({ status: ["FAILED", "PARTIAL"] })).toEqual([partial, failed]);
    expect(await found({ status: ["FAILED", "PARTIAL"], priority: ["critical"] })).toEqual([failed]);
  });

  it("shows where a message goes, what it says and why it failed", async () => {
    const content = { email: { subject: "Hello 👋" } };
    await stored({ content, status: "PARTIAL" }, [{ channel: "sms", address: "+1" }, { reason: "550 no mailbox" }]);
    const [row] = (await list()).rows;
    expect(row).toMatchObject({ subject: "Hello 👋", deliveryCount: 2, failure: "550 no mailbox", templateKey: null });
    expect(["+1", "ann@example.com"]).toContain(row?.address);
    await stored({ addresses: { email: "early@example.com" }, status: "PENDING" });
    expect((await list()).rows[0]).toMatchObject({ address: "early@example.com", deliveryCount: 0, failure: null });
  });

  it("says how far it came when time is up, and the next page goes on from there", async () => {
    const rare = new Set([2, 150, 399]);
    const rows = Array.from({ length: 400 }, (_, index) =>
      notificationOf({ status: rare.has(index) ? "FAILED" : "SENT" }),
    );
    await database.notification.createMany({ data: rows });
    const seen: string[] = [];
    let after: string | undefined;
    let short = 0;
    for (let hasMore = true; hasMore; ) {
      const page = await list({ status: ["FAILED"] }, 25, after, 0);
      seen.push(...page.rows.map(({ id }) => id));
      if (page.searchedTo) short += 1;
      expect(page.after === null).toBe(!page.hasMore);
      ({ hasMore } = page);
      after = page.after ?? undefined;
    }
    expect(seen).toEqual([rows[399]?.id, rows[150]?.id, rows[2]?.id]);
    expect(short).toBeGreaterThan(1);
  });
});

describe("an export", () => {
  it("holds every notification once, a page at a time, and no formula", async () => {
    const formula = { email: { subject: '=HYPERLINK("https://evil.test")' } };
    const rows = Array.from({ length: 1_203 }, (_, index) => notificationOf(index === 7 ? { content: formula } : {}));
    await database.notification.createMany({ data: rows });
    const chunks: string[] = [];
    const owner = { tenantId, mode: "live" } as const;
    for await (const chunk of exportNotifications(database, owner, { status: ["SENT"] })) chunks.push(chunk);
    expect(chunks).toHaveLength(3);
    const [head, ...lines] = chunks.join("").trimEnd().split("\r\n");
    expect(head).toMatch(/^id,createdAt,status,/);
    const ids = lines.map((line) => line.slice(0, line.indexOf(",")));
    expect(ids).toEqual(rows.map(({ id }) => publicId("notification", id)).toReversed());
    expect(lines.find((line) => line.includes("evil"))).toContain(`,"'=HYPERLINK(""https://evil.test"")",`);
  });

  it("ends when nobody reads it any more", async () => {
    await database.notification.createMany({ data: Array.from({ length: 1_100 }, () => notificationOf()) });
    const gone = new AbortController();
    const exporting = exportNotifications(database, { tenantId, mode: "live" }, {}, gone.signal);
    await exporting.next();
    await exporting.next();
    gone.abort();
    expect((await exporting.next()).done).toBe(true);
  });
});
