import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { createAccept } from "./accept";
import { type ClaimedDelivery, claimDeliveries } from "./claim-deliveries";
import { decideOutcome } from "./decide-outcome";
import type { QueuedDelivery } from "./queued-deliveries";
import { createReport } from "./report";
import { createRoute, type RoutedDelivery } from "./route";
import type { Publishable } from "./topics";

const withSenders = async (deliveries: readonly QueuedDelivery[]): Promise<RoutedDelivery[]> => [...deliveries];

const count = 2_000;
const logger = createLogger({ name: "test", level: "silent" });
const metrics = createMetrics({ process: "test" });

/** Items in runs of at most `size`. */
function runsOf<Item>(items: readonly Item[], size: number): Item[][] {
  const starts = Array.from({ length: Math.ceil(items.length / size) }, (_, index) => index * size);
  return starts.map((start) => items.slice(start, start + size));
}

/** Accepts, routes, claims and sends, each stage a backlog in batches of the size that stage takes under load. */
async function sendMany(database: Database, tenantId: string): Promise<void> {
  const accepted: Publishable[] = [];
  const publish = async (batch: readonly Publishable[]) => accepted.push(...batch) > 0;
  const { accept } = createAccept({ database, publish, queueReports: async () => {}, metrics });
  const notification = {
    channels: ["email"],
    recipientId: null,
    template: null,
    data: { order: { id: "A-1042", total: "59.90 EUR", items: ["A blue teapot", "Two cups"] }, name: "Ann Example" },
    content: { email: { subject: "Your order is on its way", text: "It arrives on Tuesday." } },
    locale: "en",
    category: "order_updates",
    priority: "normal" as const,
    sendAt: null,
  };
  await Promise.all(
    Array.from({ length: count }, (_, index) => {
      const context = { tenantId, mode: "test" as const, requestId: `req_${index}`, idempotency: null };
      return accept(context, { ...notification, addresses: { email: `ann${index}@example.com` } });
    }),
  );

  const queued: RoutedDelivery[] = [];
  const enqueue = async (deliveries: readonly RoutedDelivery[]) => void queued.push(...deliveries);
  const route = createRoute({ database, enqueue, withSenders, queueReports: async () => {}, logger, metrics });
  const messages = accepted.map(({ id, mode, priority }, index) => {
    const value = Buffer.from(JSON.stringify({ id, tenantId, mode, priority }));
    return { topic: "t", partition: 0, offset: String(index), key: "k", value };
  });
  for (const batch of runsOf(messages, 500)) await route(batch);

  const report = createReport({ database, queueReports: async () => {}, logger, metrics });
  for (const batch of runsOf(queued, 200)) {
    const claims = await claimDeliveries(database, batch);
    const deliveries = claims.flatMap((claim) => (claim && "delivery" in claim ? [claim.delivery] : []));
    await Promise.all(deliveries.map((delivery) => report(sent(delivery))));
  }
}

function sent(delivery: ClaimedDelivery) {
  const facts = {
    round: delivery.round,
    maxAttempts: 3,
    priority: 2,
    honoursIdempotencyKey: false,
    isInDoubt: false,
  };
  const result = decideOutcome(facts, { kind: "sent", providerMessageId: "<0193a6b2.1042@mail.example.com>" });
  const { outcome, reason, providerMessageId } = result;
  const chosen = { provider: "smtp", account: "smtp-1", choice: "the only account", hasReceipts: false };
  const timing = { number: delivery.attempt, startedAt: new Date(), durationMs: 12 };
  return {
    delivery,
    earlier: [],
    last: { ...chosen, ...timing, outcome, reason, providerMessageId },
    result,
    doubtful: null,
    content: null,
  };
}

/** What the partitions of notification and delivery were updated so far, and how often within the page. */
async function countedUpdates(reader: Database) {
  const rows = await reader.$queryRaw<{ parent: string; updated: number; hot: number }[]>`
    SELECT inhparent::regclass::text AS parent, sum(n_tup_upd)::int AS updated, sum(n_tup_hot_upd)::int AS hot
    FROM pg_inherits JOIN pg_stat_user_tables ON relid = inhrelid
    WHERE inhparent IN ('notification'::regclass, 'delivery'::regclass)
    GROUP BY 1`;
  const [delivery, notification] = rows.sort((one, other) => one.parent.localeCompare(other.parent));
  if (!delivery || !notification) throw new Error("there are no partitions");
  return { delivery, notification };
}

it("updates notifications and deliveries within their pages, so that no index is written (HOT)", async () => {
  const url = await createTestDatabase();
  const reader = openDatabase({ url, poolSize: 1, applicationName: "test" });
  const { id } = await createTestTenant(reader);
  let rounds = 0;
  let before = await countedUpdates(reader);
  const share = async () => {
    const database = openDatabase({ url, poolSize: 4, applicationName: "test" });
    await sendMany(database, id);
    await database.$disconnect(); // a backend that ends tells what it counted
    rounds += 1;
    await expect.poll(async () => (await countedUpdates(reader)).delivery.updated).toBe(rounds * 2 * count);
    await expect.poll(async () => (await countedUpdates(reader)).notification.updated).toBe(rounds * 2 * count);
    const after = await countedUpdates(reader);
    const hot = (table: "delivery" | "notification") => (after[table].hot - before[table].hot) / (2 * count);
    const lower = Math.min(hot("delivery"), hot("notification"));
    before = after;
    return lower;
  };
  // No room is cleared while a transaction of another suite is open: one round without such counts.
  await expect.poll(share, { timeout: 25_000 }).toBeGreaterThanOrEqual(0.9);
  await reader.$disconnect();
});
