import { verifyUsage } from "@tidings/core/usage/verify-usage";
import type { Database } from "@tidings/db/client";
import { publicId, uuidOf } from "@tidings/shared/ids";
import type { LedgerReport } from "../load/ledger";

/** What became of accepted notifications. Each is exactly one of arrived, declared, stuck and lost. */
export interface Outcome {
  accepted: number;
  /** Its message is at the receiver, or in the recipient's inbox. */
  arrived: number;
  /** It is settled and says why it did not arrive: the receiver refused it, or it is bulk whose fate is not known. */
  declared: number;
  stuck: number;
  lost: number;
  /** Messages that came more than once. */
  doubled: number;
  /** Sends cut off between the receiver and the record, or given up at their time limit: only these may come twice. */
  cutOff: number;
  /** Doubled messages whose sends were not cut off. */
  unexplained: number;
  /** Dead letters made of messages that were good. */
  deadLetters: number;
  /** Sums of usage, by channel, provider and category, that differ from the rows counted afresh. */
  miscounted: number;
  /** When the last notification that took longer than usual was settled; epoch milliseconds, null when none did. */
  lastLateAtMs: number | null;
}

/** Longer than a notification takes on a loaded machine when nothing is wrong. */
const lateMs = 2_000;
/** The reason of an attempt that the worker gave up, whatever the receiver was about to say. */
const timeLimitWords = "The operation was aborted due to timeout";
const settledStatuses = new Set(["SENT", "PARTIAL", "FAILED", "SKIPPED", "CANCELED"]);

/** Notifications of these tenants that are not settled, whether or not their 202 was heard. */
export function countUnsettled(database: Database, tenantIds: readonly string[]): Promise<number> {
  const status = { notIn: [...settledStatuses] };
  return database.notification.count({ where: { tenantId: { in: [...tenantIds] }, status } });
}

/**
 * Compares ids answered 202 with rows, with final states, and with what the receivers got.
 * @param accepted public ids
 */
export async function countOutcome(
  database: Database,
  tenantIds: readonly string[],
  accepted: readonly string[],
  ledger: LedgerReport,
): Promise<Outcome> {
  const where = { tenantId: { in: [...tenantIds] } };
  const gaveUp = { ...where, reason: { startsWith: timeLimitWords } };
  const [notifications, deliveries, attempts, abandoned, inbox, miscounted, deadLetters] = await Promise.all([
    database.notification.findMany({ where, select: { id: true, status: true, createdAt: true, settledAt: true } }),
    database.delivery.findMany({
      where,
      select: { id: true, notificationId: true, channel: true, status: true, attempt: true, busy: true },
    }),
    database.attempt.groupBy({ by: ["deliveryId"], where, _count: true }),
    database.attempt.findMany({ where: gaveUp, select: { deliveryId: true } }),
    database.inboxItem.findMany({ where, select: { id: true } }),
    countMiscounted(database, tenantIds),
    database.deadLetter.count({ where }),
  ]);

  const arrived = new Set([...ledger.ids, ...inbox.map(({ id }) => publicId("delivery", id))]);
  const refused = new Set(ledger.refused);
  const recorded = new Map(attempts.map(({ deliveryId, _count }) => [deliveryId, _count]));
  const unanswered = new Set(ledger.unanswered);
  const givenUp = new Set(abandoned.map(({ deliveryId }) => deliveryId));
  const repeated = new Map(ledger.repeated);
  const deliveryOf = new Map(deliveries.map((delivery) => [delivery.notificationId, delivery]));
  let [doubled, cutOff, unexplained] = [0, 0, 0];
  for (const { id, channel, attempt, busy } of deliveries) {
    const name = publicId("delivery", id);
    // An attempt that was begun and never recorded: its process died, or lost its claim, while the message was under way.
    const isUnrecorded = channel !== "in_app" && attempt - busy > (recorded.get(id) ?? 0);
    const wasCutOff = isUnrecorded || givenUp.has(id) || unanswered.has(name);
    if (wasCutOff) cutOff += 1;
    if (!repeated.has(name)) continue;
    doubled += 1;
    if (!wasCutOff) unexplained += 1;
  }

  const statusOf = new Map(notifications.map(({ id, status }) => [id, status]));
  const fates = { arrived: 0, declared: 0, stuck: 0, lost: 0 };
  for (const text of new Set(accepted)) fates[fateOf(uuidOf("notification", text) ?? "")] += 1;

  function fateOf(id: string): keyof typeof fates {
    const status = statusOf.get(id);
    const delivery = deliveryOf.get(id);
    if (status === undefined) return "lost";
    if (!settledStatuses.has(status)) return "stuck";
    if (!delivery) return "lost";
    const name = publicId("delivery", delivery.id);
    if (arrived.has(name)) return "arrived";
    if (delivery.status === "UNKNOWN" || (delivery.status === "FAILED" && refused.has(name))) return "declared";
    return "lost";
  }

  const late = notifications.flatMap(({ createdAt, settledAt }) =>
    settledAt && settledAt.getTime() - createdAt.getTime() > lateMs ? [settledAt.getTime()] : [],
  );
  return {
    accepted: new Set(accepted).size,
    ...fates,
    doubled,
    cutOff,
    unexplained,
    deadLetters,
    miscounted,
    lastLateAtMs: late.length > 0 ? late.reduce((last, at) => Math.max(last, at)) : null,
  };
}

/** From yesterday to tomorrow: midnight may pass meanwhile. */
async function countMiscounted(database: Database, tenantIds: readonly string[]): Promise<number> {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const verify = (tenantId: string) => verifyUsage(database, { from: day(-1), to: day(1), tenantId });
  const verified = await Promise.all(tenantIds.map(verify));
  return verified.reduce((sum, { differences }) => sum + differences.length, 0);
}
