import { type Database, Prisma, type Transaction } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import type { Metrics } from "@tidings/runtime/metrics";
import { uuidTimeMs } from "@tidings/shared/ids";
import { erasedAddress } from "../people/erased-address";
import { rollUpNotifications } from "../pipeline/roll-up-notifications";
import { isUnavailable } from "../postgres-errors";
import type { QueueReports } from "../reports/queue-reports";
import { type WrittenReport, writeReports } from "../reports/write-reports";
import { grantWishes } from "./grant-wishes";
import { moveReceiptDeliveries } from "./move-receipt-deliveries";
import { planReceipts, type ReceiptDelivery, type ReceiptPlan, type WaitingReceipt } from "./plan-receipts";

export interface ApplyReceiptsDeps {
  database: Database;
  queueReports: QueueReports;
  logger: Logger;
  metrics: Metrics;
}

/** Names a receipt. */
interface ReceiptKey {
  account: string;
  eventId: string;
}

/** Receipts of one transaction. */
const pageSize = 500;
/** First wait of a receipt whose delivery is not known; then it waits as long as it has waited so far. */
const firstWaitMs = 1_000;

/** What was stored a moment ago is due, although times are rounded and two connections' clocks may be a little apart. */
const isDue = Prisma.sql`due_at <= clock_timestamp() + interval '10 milliseconds'`;

/**
 * Applies the receipts that are due: each exactly once, in any order, by however many processes at once.
 * @returns how many it dealt with
 */
export async function applyWaitingReceipts(deps: ApplyReceiptsDeps, signal?: AbortSignal): Promise<number> {
  let done = 0;
  while (!signal?.aborted) {
    const due = await deps.database.$queryRaw<ReceiptKey[]>`
      SELECT account, event_id AS "eventId" FROM receipt
      WHERE ${isDue} ORDER BY due_at LIMIT ${pageSize}`;
    const dealtWith = due.length === 0 ? 0 : await applyOrHalve(deps, due);
    done += dealtWith;
    // None, although some were due: another process has them.
    if (dealtWith === 0 || due.length < pageSize) return done;
  }
  return done;
}

/** One receipt that can't be applied hurts only itself: it is put off, and the others go on. */
async function applyOrHalve(deps: ApplyReceiptsDeps, keys: readonly ReceiptKey[]): Promise<number> {
  try {
    return await applyReceipts(deps, keys);
  } catch (err) {
    if (isUnavailable(err)) throw err;
    const [key] = keys;
    if (keys.length === 1 && key) {
      deps.logger.error({ err, account: key.account, eventId: key.eventId }, "a receipt could not be applied; put off");
      return await deps.database.$executeRaw`
        UPDATE receipt SET due_at = CASE WHEN uuid_extract_timestamp(id) > clock_timestamp() - interval '7 days'
          THEN clock_timestamp() + interval '1 hour' END
        WHERE account = ${key.account} AND event_id = ${key.eventId} AND due_at IS NOT NULL`;
    }
    const half = keys.length >> 1;
    return (await applyOrHalve(deps, keys.slice(0, half))) + (await applyOrHalve(deps, keys.slice(half)));
  }
}

async function applyReceipts(deps: ApplyReceiptsDeps, keys: readonly ReceiptKey[]): Promise<number> {
  const outcome = await deps.database.$transaction(
    async (transaction) => {
      const receipts = await takeReceipts(transaction, keys);
      if (receipts.length === 0) return null;
      const plan = planReceipts(receipts, await lockDeliveries(transaction, receipts));
      const reports = await carryOut(transaction, plan);
      return { plan, reports };
    },
    { timeout: 30_000, maxWait: 10_000 },
  );
  if (!outcome) return 0;
  const { plan, reports } = outcome;
  void deps.queueReports(reports); // it never throws
  for (const { delivery, to } of plan.moves) deps.metrics.outcome.inc({ channel: delivery.channel, status: to });
  return plan.applied.length + plan.waiting.length;
}

/** Locks those that nobody else has taken, with the delivery each is about as far as it is known. */
async function takeReceipts(transaction: Transaction, keys: readonly ReceiptKey[]): Promise<WaitingReceipt[]> {
  return await transaction.$queryRaw<WaitingReceipt[]>`
    SELECT r.account, r.event_id AS "eventId", r.id, r.provider, coalesce(s.tenant_id, r.tenant_id) AS "tenantId",
      coalesce(r.delivery_id, s.delivery_id) AS "deliveryId", r.kind, r.channel,
      r.provider_message_id AS "providerMessageId", r.address, r.at, r.reason, r.url, s.sent_at AS "sentAt", s.units
    FROM unnest(${keys.map(({ account }) => account)}::text[], ${keys.map(({ eventId }) => eventId)}::text[])
      AS given (account, event_id)
    JOIN receipt AS r ON r.account = given.account AND r.event_id = given.event_id
    LEFT JOIN sent_message AS s ON s.account = r.account AND s.provider_message_id = r.provider_message_id
    WHERE ${isDue}
    FOR UPDATE OF r SKIP LOCKED`;
}

const movingKinds: ReadonlySet<string> = new Set(["delivered", "bounced_hard", "bounced_soft"]);

/**
 * Locks in the order that report does: notifications whose deliveries share an outcome, then deliveries, each by their id.
 * Those of a tenant that is gone are left out.
 */
async function lockDeliveries(
  transaction: Transaction,
  receipts: readonly WaitingReceipt[],
): Promise<Map<string, ReceiptDelivery>> {
  const known = receipts.filter(({ deliveryId }) => deliveryId !== null);
  const moving = known.filter(({ kind }) => movingKinds.has(kind));
  const idsOf = (some: readonly WaitingReceipt[]) => [...new Set(some.map(({ deliveryId }) => deliveryId))];
  const tenantIds = [...new Set(known.map(({ tenantId }) => tenantId))];
  if (known.length === 0) return new Map();
  if (moving.length > 0) {
    await transaction.$queryRaw`
      SELECT 1 FROM notification
      WHERE id IN (SELECT notification_id FROM delivery
          WHERE id = ANY(${idsOf(moving)}::uuid[]) AND tenant_id = ANY(${tenantIds}::uuid[]) AND siblings > 1)
        AND tenant_id = ANY(${tenantIds}::uuid[])
      ORDER BY id FOR UPDATE`;
  }
  const deliveries = await transaction.$queryRaw<ReceiptDelivery[]>`
    SELECT d.id, d.tenant_id AS "tenantId", d.mode, d.notification_id AS "notificationId", d.recipient_id AS "recipientId",
      d.channel, d.address, d.status, d.attempt - d.busy AS attempt, d.provider, d.provider_message_id AS "providerMessageId",
      d.sent_at AS "sentAt", n.category
    FROM delivery AS d
    JOIN notification AS n ON n.id = d.notification_id AND n.tenant_id = d.tenant_id
    JOIN tenant AS t ON t.id = d.tenant_id
    WHERE d.id = ANY(${idsOf(known)}::uuid[]) AND d.tenant_id = ANY(${tenantIds}::uuid[])
    ORDER BY d.id FOR UPDATE OF d`;
  return new Map(deliveries.map((delivery) => [delivery.id, delivery]));
}

async function carryOut(transaction: Transaction, plan: ReceiptPlan): Promise<WrittenReport[]> {
  const granted = await grantWishes(transaction, plan.wishes);
  const told = await writeReports(transaction, plan.events);
  await settleReceipts(transaction, plan);
  if (plan.moves.length === 0) return [...told, ...granted];
  await moveReceiptDeliveries(transaction, plan.moves);
  const notifications = plan.moves.map(({ delivery }) => ({
    id: delivery.notificationId,
    tenantId: delivery.tenantId,
  }));
  const rolledUp = await rollUpNotifications(transaction, notifications);
  return [...told, ...granted, ...rolledUp];
}

async function settleReceipts(transaction: Transaction, { applied, waiting }: ReceiptPlan): Promise<void> {
  const now = Date.now();
  const rows = [
    ...applied.map(({ receipt, delivery }) => ({ ...keyOf(receipt, delivery), wait_ms: null })),
    ...waiting.map((receipt) => ({
      ...keyOf(receipt, null),
      wait_ms: Math.max(firstWaitMs, now - uuidTimeMs(receipt.id)),
    })),
  ];
  await transaction.$executeRaw`
    UPDATE receipt AS r
    SET due_at = clock_timestamp() + g.wait_ms * interval '1 millisecond',
      applied_at = CASE WHEN g.wait_ms IS NULL THEN clock_timestamp() END,
      delivery_id = coalesce(g.delivery_id, r.delivery_id), tenant_id = coalesce(g.tenant_id, r.tenant_id),
      address = CASE WHEN NOT g.is_erased THEN r.address END, reason = CASE WHEN NOT g.is_erased THEN r.reason END,
      url = CASE WHEN NOT g.is_erased THEN r.url END
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS g (
      account text, event_id text, delivery_id uuid, tenant_id uuid, is_erased boolean, wait_ms bigint)
    WHERE r.account = g.account AND r.event_id = g.event_id`;
}

function keyOf({ account, eventId }: WaitingReceipt, delivery: ReceiptDelivery | null) {
  return {
    account,
    event_id: eventId,
    delivery_id: delivery?.id ?? null,
    tenant_id: delivery?.tenantId ?? null,
    is_erased: delivery?.address === erasedAddress,
  };
}
