import type { SendOutcome } from "@tidings/channels/provider";
import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createPartitions } from "@tidings/db/partitions";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { newUuid } from "@tidings/shared/ids";
import type { Mode } from "@tidings/shared/modes";
import { monthOf } from "@tidings/shared/plans";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { claimDeliveries } from "../pipeline/claim-deliveries";
import { decideOutcome } from "../pipeline/decide-outcome";
import { deliveryId } from "../pipeline/delivery-id";
import { fenceNotifications } from "../pipeline/fence-notifications";
import { insertDeliveries } from "../pipeline/insert-deliveries";
import { createReport, type Report } from "../pipeline/report";
import { loadQuotaUse } from "../quotas/load-quota-use";
import { applyWaitingReceipts } from "../receipts/apply-receipts";
import { recountUsage } from "./recount-usage";
import { verifyUsage } from "./verify-usage";

const logger = createLogger({ name: "test", level: "silent" });
const metrics = createMetrics({ process: "test" });
const queueReports = async () => {};
/** Midnight may pass between a row and its count. */
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
const span = { from: day(-1), to: day(1) };
let database: Database;
let report: Report;
let tenantId: string;

beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 6, applicationName: "test" });
  await createPartitions(database, new Date(Date.now() - 86_400_000), new Date());
  report = createReport({ database, queueReports, logger, metrics });
});
afterAll(() => database?.$disconnect());
beforeEach(async () => {
  await database.usage.deleteMany();
  tenantId = (await createTestTenant(database)).id;
});

interface Wish {
  mode?: Mode;
  category?: string | null;
  channel?: string;
  addresses?: number;
  skipped?: string;
}

/** A notification routed to some addresses, as route does it. @returns the ids of its deliveries */
async function routed({ mode = "live", category = null, channel = "email", addresses = 1, skipped }: Wish = {}) {
  const id = newUuid();
  const row = { id, tenantId, mode, category, status: "PENDING", priority: 2, bulk: false, addresses: {} };
  await database.notification.create({
    data: { ...row, channels: [channel], content: {}, requestId: "req_1", createdAt: new Date() },
  });
  const deliveries = Array.from({ length: addresses }, (_, index) => {
    const address = `ann${index}@example.com`;
    return { id: deliveryId(id, channel, address), channel, address, ...(skipped !== undefined && { skipped }) };
  });
  await database.direct.transaction(async (transaction) => {
    const [notification] = await fenceNotifications(transaction, [{ id, tenantId, mode, priority: 2 }]);
    if (notification) insertDeliveries(transaction, [{ notification, plan: { deliveries } }]);
  });
  return deliveries.map((delivery) => delivery.id);
}

/** One attempt at a delivery, as deliver does it. */
async function attempted(id: string, outcome: SendOutcome, provider = "smtp", units = 1): Promise<void> {
  const [claim] = await claimDeliveries(database, [{ id, tenantId }]);
  if (!claim || !("delivery" in claim)) throw new Error("the claim was lost");
  const { delivery } = claim;
  const facts = {
    round: delivery.round,
    maxAttempts: 3,
    priority: 2,
    honoursIdempotencyKey: false,
    isInDoubt: false,
  };
  const result = { ...decideOutcome(facts, outcome), units: outcome.kind === "sent" ? units : 0 };
  const { reason, providerMessageId } = result;
  const about = { number: delivery.attempt, provider, account: provider, choice: null, hasReceipts: true };
  const last = { ...about, startedAt: new Date(), durationMs: 1, outcome: result.outcome, reason, providerMessageId };
  await report({ delivery, earlier: [], last, result, doubtful: null, content: null });
}

const sent = (providerMessageId: string = newUuid()): SendOutcome => ({ kind: "sent", providerMessageId });

async function received(account: string, providerMessageId: string, kind: string): Promise<void> {
  const told = { account, provider: account, kind, providerMessageId, at: new Date(), tenantId };
  await database.receipt.create({ data: { ...told, eventId: newUuid(), id: newUuid() } });
}

it("equals the rows, whatever became of them", async () => {
  const [delivered, bounced] = [newUuid(), newUuid()];
  for (const wish of [{}, { category: "orders" }, { mode: "test" as const }, { channel: "sms" }]) {
    for (const id of await routed(wish)) await attempted(id, sent());
  }
  const [one, two] = await routed({ addresses: 2 });
  await attempted(one as string, sent(delivered), "smtp");
  await attempted(two as string, sent(bounced), "smtp");
  const [long] = await routed({ channel: "sms", category: "orders" });
  await attempted(long as string, sent(), "twilio", 7);
  const [failed] = await routed();
  await attempted(failed as string, { kind: "rejected", reason: "no such mailbox" });
  const [waiting] = await routed();
  await attempted(waiting as string, { kind: "deferred", reason: "busy" });
  const [unknown] = await routed();
  await attempted(unknown as string, { kind: "deferred", reason: "hung", ambiguous: true });
  await routed({ addresses: 3, skipped: "suppressed: bounce" });
  await routed(); // nobody has tried it yet
  await received("smtp", delivered, "delivered");
  await received("smtp", bounced, "bounced_hard");
  await applyWaitingReceipts({ database, queueReports, logger, metrics });

  const { compared, differences } = await verifyUsage(database, span);
  expect(differences).toEqual([]);
  expect(compared).toBeGreaterThan(8);
  const sums = await recountUsage(database, { ...span, tenantId });
  const total = (name: "accepted" | "sent" | "delivered" | "failed" | "units") =>
    sums.reduce((sum, row) => sum + row[name], 0);
  expect([total("accepted"), total("sent"), total("delivered"), total("failed"), total("units")]).toEqual([
    14, 7, 1, 1, 13,
  ]);
});

it("counts what failed for the month that counted it, so that the next one's quota has nothing of it", async () => {
  const now = Date.now();
  const thisMonth = monthOf(now);
  const lastMonth = monthOf(thisMonth.startMs - 1);
  const lastDay = new Date(thisMonth.startMs - 60_000);
  const [late] = await routed();
  await database.delivery.update({ where: { id: late as string }, data: { createdAt: lastDay } });
  await database.usage.updateMany({ where: { tenantId }, data: { day: lastDay } });
  await routed({ addresses: 2 }); // not tried yet
  const used = async (month: typeof thisMonth) => (await loadQuotaUse(database, tenantId, month)).get("email");
  expect([await used(lastMonth), await used(thisMonth)]).toEqual([1, 2]);
  await attempted(late as string, { kind: "rejected", reason: "no such mailbox" });
  expect([await used(lastMonth), await used(thisMonth)]).toEqual([0, 2]);
  const whole = { from: lastDay.toISOString().slice(0, 10), to: day(1), tenantId };
  expect((await verifyUsage(database, whole)).differences).toEqual([]);
  expect(await recountUsage(database, { ...span, from: new Date(now).toISOString().slice(0, 10), tenantId })).toEqual([
    expect.objectContaining({ accepted: 2, failed: 0 }),
  ]);
});

it("names each sum that was counted wrongly, and by how much", async () => {
  const [id] = await routed({ category: "orders" });
  await attempted(id as string, sent());
  await database.usage.updateMany({ where: { tenantId, provider: "smtp" }, data: { sent: 2, units: 2 } });
  const common = { tenantId, mode: "live", channel: "email", category: "orders" };
  const counts = { accepted: 0, delivered: 0, failed: 0 };
  expect((await verifyUsage(database, { ...span, tenantId })).differences).toEqual([
    {
      ...{ ...common, provider: "smtp" },
      counted: { ...counts, sent: 2, units: 2 },
      recounted: { ...counts, sent: 1, units: 1 },
    },
  ]);
  await database.usage.deleteMany({ where: { tenantId, provider: "" } });
  expect((await verifyUsage(database, { ...span, tenantId })).differences).toHaveLength(2);
});

it("is about the span and the tenant it is asked for", async () => {
  const other = tenantId;
  await routed();
  tenantId = (await createTestTenant(database)).id;
  expect(await recountUsage(database, { ...span, tenantId })).toEqual([]);
  expect(await recountUsage(database, { from: day(-9), to: day(-2), tenantId: other })).toEqual([]);
  expect(await recountUsage(database, { ...span, tenantId: other })).toHaveLength(1);
});
