import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createPartitions } from "@tidings/db/partitions";
import { firstUuidAt, publicId } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { deliveryId } from "../pipeline/delivery-id";
import { withoutParticulars } from "./find-problems";
import { getOverview, type OverviewRange } from "./get-overview";

/** A Friday at noon. */
const now = Date.UTC(2026, 10, 20, 12);
const hourMs = 3_600_000;
let database: Database;
let tenantId: string;
let made = 0;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 4, applicationName: "test" });
  await createPartitions(database, new Date(now - 14 * 24 * hourMs), new Date(now));
});
afterAll(() => database?.$disconnect());
beforeEach(async () => {
  tenantId = (await createTestTenant(database)).id;
});

interface Wish {
  hoursAgo: number;
  status?: string;
  reason?: string;
  takesMs?: number;
  mode?: string;
  sendAt?: Date;
}

/** @returns the public id of a notification with one delivery */
async function sent({ hoursAgo, status = "SENT", reason, takesMs = 100, mode = "live", sendAt }: Wish) {
  made += 1;
  const at = now - hoursAgo * hourMs;
  const counter = made.toString(16).padStart(12, "0");
  const id = `${firstUuidAt(at).slice(0, 13)}-7000-8000-${counter.slice(4)}0000`;
  const createdAt = new Date(at);
  const common = { tenantId, mode, priority: 2, createdAt, status };
  const row = { id, bulk: false, addresses: {}, channels: ["email"], requestId: "req_1", sendAt: sendAt ?? null };
  await database.notification.create({ data: { ...common, ...row } });
  const settledAt = new Date(at + takesMs);
  const delivery = {
    id: deliveryId(id, "email", "ann@example.com"),
    notificationId: id,
    channel: "email",
    siblings: 1,
  };
  const ended = { provider: "smtp", reason: reason ?? null, settledAt, sentAt: status === "FAILED" ? null : settledAt };
  await database.delivery.create({ data: { ...common, ...delivery, ...ended, address: "ann@example.com" } });
  return publicId("notification", id);
}

const overview = (range: OverviewRange) => getOverview(database, { tenantId, mode: "live" }, range, now);

it("counts a day by the hour from the deliveries themselves, of its own mode", async () => {
  await sent({ hoursAgo: 1.5 });
  await sent({ hoursAgo: 1.4, status: "DELIVERED" });
  await sent({ hoursAgo: 1.3, status: "FAILED" });
  await sent({ hoursAgo: 1.2, mode: "test" });
  await sent({ hoursAgo: 30 });
  const { volumes, totals, unit, before } = await overview("24h");
  expect([unit, volumes.length, before]).toEqual(["hour", 24, null]);
  expect(volumes.find(({ at }) => at === "2026-11-20T10:00:00.000Z")).toMatchObject({ accepted: 3, isEstimate: false });
  expect(totals).toEqual({ accepted: 3, sent: 2, delivered: 1, failed: 1, successRate: 2 / 3 });
});

it("counts longer spans by what is billed, beside as much time before", async () => {
  const day = (offset: number) => new Date(now + offset * 24 * hourMs);
  const usage = { tenantId, mode: "live", channel: "email", provider: "smtp", category: "" };
  await database.usage.createMany({
    data: [
      { ...usage, day: day(0), accepted: 5, sent: 4, failed: 1 },
      { ...usage, day: day(-6), accepted: 10, sent: 10 },
      { ...usage, day: day(-7), accepted: 100, sent: 50, failed: 50 },
      { ...usage, mode: "test", day: day(0), accepted: 1_000 },
    ],
  });
  const { volumes, totals, before } = await overview("7d");
  expect(volumes.map(({ accepted }) => accepted)).toEqual([10, 0, 0, 0, 0, 0, 5]);
  expect(totals).toMatchObject({ accepted: 15, successRate: 14 / 15 });
  expect(before).toMatchObject({ accepted: 100, successRate: 0.5 });
  expect((await overview("30d")).volumes).toHaveLength(30);
});

it("tells latency from accept until a provider has it, without what was scheduled", async () => {
  for (const takesMs of [100, 200, 300]) await sent({ hoursAgo: 2, takesMs });
  await sent({ hoursAgo: 3, takesMs: 7_200_000, sendAt: new Date(now - hourMs) });
  expect(await overview("24h")).toMatchObject({ sampleSize: 3, medianMs: 200, p95Ms: 290 });
});

it("gathers what went wrong by why, the latest of each as its example", async () => {
  await sent({ hoursAgo: 5, status: "BOUNCED", reason: "550 5.1.1 <bob@example.com> does not exist" });
  const last = await sent({ hoursAgo: 2, status: "BOUNCED", reason: "550 5.1.1 <ann@example.com> does not exist" });
  await sent({ hoursAgo: 3, status: "FAILED", reason: "535 authentication failed" });
  await sent({ hoursAgo: 26, status: "FAILED", reason: "too long ago" });
  const { problems, searchedTo } = await overview("24h");
  expect(problems).toMatchObject([
    { status: "BOUNCED", provider: "SMTP", reason: "550 5.1.1 … does not exist", count: 2, notificationId: last },
    { status: "FAILED", reason: "535 authentication failed", count: 1 },
  ]);
  expect(searchedTo).toBeNull();
});

it("says what waits for a person", async () => {
  const letter = { tenantId, mode: "live", topic: "t", partition: 0, payload: Buffer.from("x"), reason: "unreadable" };
  await database.deadLetter.create({ data: { ...letter, id: firstUuidAt(now), position: tenantId } });
  const endpoint = { tenantId, mode: "live", events: ["*"], sealedSecret: "" };
  const broken = { ...endpoint, id: firstUuidAt(now), url: "https://acme.test/hooks", disabledReason: "410 Gone" };
  await database.endpoint.create({ data: { ...broken, enabled: false } });
  const { deadLetters, endpoints } = await overview("7d");
  expect([deadLetters, endpoints]).toMatchObject([1, [{ url: "https://acme.test/hooks", disabledReason: "410 Gone" }]]);
});

it.each([
  ["The 'To' number +351910000001 is not a valid phone number", "The 'To' number … is not a valid phone number"],
  ["421 4.7.0 try again later, id=1a2b3c4d5e6f7-ab", "421 4.7.0 try again later, id=…"],
  ["mailbox unavailable", "mailbox unavailable"],
])("takes %j for %j", (said, told) => {
  expect(withoutParticulars(said)).toBe(told);
});
