import { setTimeout as sleep } from "node:timers/promises";
import { type Database, Prisma, type Transaction } from "@tidings/db/client";
import { idsBeginningLike } from "@tidings/shared/ids";
import type { Mode } from "@tidings/shared/modes";
import { rollUpNotifications } from "../pipeline/roll-up-notifications";
import { type ReportEvent, type WrittenReport, writeReports } from "../reports/write-reports";
import { erasedAddress, erasedReason, erasedRequestId } from "./erased-address";
import type { Person } from "./find-person";
import type { ErasedCounts } from "./person-schemas";

/** Of a report's facts, those that tell of a person; ids and states stay. */
const personalFacts = ["address", "recipientId", "reason", "bounce", "requestId", "url", "detail"];

interface ErasedNotification {
  id: string;
  mode: Mode;
  idempotencyKey: string | null;
  category: string | null;
  before: string;
}

interface ErasedDelivery {
  id: string;
  notificationId: string;
  mode: Mode;
  channel: string;
  status: string;
  before: string;
}

/** A delivery that was with a provider when it was erased, and how many attempts of it were recorded. */
export interface InFlight {
  id: string;
  attempts: number;
}

/**
 * Empties notifications, their deliveries, attempts, receipts and reports of everything personal; what was counted and what
 * became of them stays. What is under way ends here: notifications that wait are CANCELED, deliveries that are queued
 * SKIPPED, and those with a provider UNKNOWN, because it may have taken them. Safe to repeat.
 */
export async function eraseNotifications(
  transaction: Transaction,
  tenantId: string,
  person: Person,
  ids: readonly string[],
): Promise<{ counts: Partial<ErasedCounts>; reports: WrittenReport[]; inFlight: InFlight[] }> {
  // The sweeper takes the two tables in this order as well, and routing holds the notification until its deliveries are there.
  await transaction.$executeRaw`
    DELETE FROM schedule WHERE tenant_id = ${tenantId}::uuid AND notification_id = ANY(${ids}::uuid[])`;
  const notifications = await transaction.$queryRaw<ErasedNotification[]>`
    UPDATE notification
    SET recipient_id = NULL, addresses = '{}', data = NULL, content = NULL, locale = NULL, idempotency_key = NULL,
      request_id = ${erasedRequestId}, reason = ${erasedReason},
      status = CASE WHEN status IN ('SCHEDULED', 'PENDING') THEN 'CANCELED' ELSE status END,
      settled_at = CASE WHEN status IN ('SCHEDULED', 'PENDING') THEN clock_timestamp() ELSE settled_at END
    WHERE tenant_id = ${tenantId}::uuid AND id = ANY(${ids}::uuid[])
    RETURNING id, mode, category, old.idempotency_key AS "idempotencyKey", old.status AS before`;
  const deliveries = await eraseDeliveries(transaction, tenantId, ids);
  const deliveryIds = deliveries.map(({ id }) => id);
  const inFlight = await countAttempts(
    transaction,
    tenantId,
    deliveries.filter(({ before }) => before === "SENDING").map(({ id }) => id),
  );
  const counts = {
    notifications: notifications.length,
    deliveries: deliveries.length,
    canceled: notifications.filter(isWaiting).length,
    skipped: deliveries.filter(({ before }) => before === "QUEUED").length,
    inFlight: inFlight.length,
    attempts: await eraseAttempts(transaction, tenantId, deliveryIds),
    ...(await eraseReceipts(
      transaction,
      Prisma.sql`tenant_id = ${tenantId}::uuid AND delivery_id = ANY(${deliveryIds}::uuid[])`,
    )),
    ...(await eraseReports(
      transaction,
      Prisma.sql`tenant_id = ${tenantId}::uuid AND notification_id = ANY(${ids}::uuid[])`,
    )),
    deadLetters: await transaction.$executeRaw`
      DELETE FROM dead_letter WHERE tenant_id = ${tenantId}::uuid AND notification_id = ANY(${ids}::uuid[])`,
    idempotencyKeys: await dropTellingKeys(transaction, tenantId, person, notifications),
  };
  const told = await writeReports(transaction, eventsOf(tenantId, notifications, deliveries));
  const open = notifications.filter(({ before }) => before === "PROCESSING").map(({ id }) => ({ id, tenantId }));
  const rolledUp = open.length > 0 ? await rollUpNotifications(transaction, open) : [];
  return { counts, reports: [...told, ...rolledUp], inFlight };
}

const isWaiting = ({ before }: ErasedNotification) => before === "SCHEDULED" || before === "PENDING";

async function eraseDeliveries(
  transaction: Transaction,
  tenantId: string,
  notificationIds: readonly string[],
): Promise<ErasedDelivery[]> {
  const ranges = notificationIds.map((id) => idsBeginningLike(id));
  const found = await transaction.$queryRaw<{ id: string }[]>`
    SELECT d.id
    FROM unnest(${ranges.map(({ first }) => first)}::uuid[], ${ranges.map(({ last }) => last)}::uuid[]) AS given (first, last)
    CROSS JOIN LATERAL (
      SELECT id FROM delivery WHERE id BETWEEN given.first AND given.last AND tenant_id = ${tenantId}::uuid OFFSET 0
    ) AS d`;
  return await transaction.$queryRaw<ErasedDelivery[]>`
    UPDATE delivery
    SET address = ${erasedAddress}, recipient_id = NULL, reason = ${erasedReason}, lease_until = NULL, next_attempt_at = NULL,
      status = CASE status WHEN 'QUEUED' THEN 'SKIPPED' WHEN 'SENDING' THEN 'UNKNOWN' ELSE status END,
      settled_at = coalesce(settled_at, clock_timestamp())
    WHERE tenant_id = ${tenantId}::uuid AND id = ANY(${found.map(({ id }) => id)}::uuid[])
    RETURNING id, notification_id AS "notificationId", mode, channel, status, old.status AS before`;
}

async function countAttempts(
  transaction: Transaction | Database,
  tenantId: string,
  deliveryIds: readonly string[],
): Promise<InFlight[]> {
  if (deliveryIds.length === 0) return [];
  return await transaction.$queryRaw<InFlight[]>`
    SELECT given.id, count(a.delivery_id)::int AS attempts
    FROM unnest(${deliveryIds}::uuid[]) AS given (id)
    LEFT JOIN attempt AS a ON a.delivery_id = given.id AND a.tenant_id = ${tenantId}::uuid
    GROUP BY given.id`;
}

/** A worker's claim has ended by then, with an outcome or without. */
const claimMs = 35_000;
const lookAgainMs = 100;

/**
 * What a provider answers is recorded a little after the delivery was erased, and may name the person: waits for it, as long
 * as a claim lasts, and erases it too.
 */
export async function eraseLateAttempts(database: Database, tenantId: string, inFlight: readonly InFlight[]) {
  const before = new Map(inFlight.map(({ id, attempts }) => [id, attempts]));
  for (const until = Date.now() + claimMs; Date.now() < until; await sleep(lookAgainMs)) {
    const now = await countAttempts(database, tenantId, [...before.keys()]);
    for (const { id, attempts } of now) if (attempts > (before.get(id) ?? 0)) before.delete(id);
    if (before.size === 0) break;
  }
  const ids = inFlight.map(({ id }) => id);
  return { attempts: ids.length > 0 ? await eraseAttempts(database, tenantId, ids) : 0 };
}

async function eraseAttempts(transaction: Transaction | Database, tenantId: string, deliveryIds: readonly string[]) {
  return await transaction.$executeRaw`
    UPDATE attempt SET reason = NULL
    WHERE tenant_id = ${tenantId}::uuid AND delivery_id = ANY(${deliveryIds}::uuid[]) AND reason IS NOT NULL`;
}

/** Empties receipts, and the providers' calls they came with: those may tell of others too, but have done their work. */
export async function eraseReceipts(
  transaction: Transaction,
  concerned: Prisma.Sql,
): Promise<{ receipts: number; receiptCalls: number }> {
  const receipts = await transaction.$queryRaw<{ callId: string | null }[]>`
    UPDATE receipt SET address = NULL, reason = NULL, url = NULL WHERE ${concerned} RETURNING call_id AS "callId"`;
  const callIds = [...new Set(receipts.flatMap(({ callId }) => callId ?? []))];
  const receiptCalls = await transaction.$executeRaw`
    UPDATE receipt_call SET headers = '{}', body = '' WHERE id = ANY(${callIds}::uuid[])`;
  return { receipts: receipts.length, receiptCalls };
}

/** Empties reports and what endpoints answered to them, which may repeat them. */
export async function eraseReports(
  transaction: Transaction,
  concerned: Prisma.Sql,
): Promise<{ reports: number; reportAttempts: number }> {
  const reports = await transaction.$queryRaw<{ id: string }[]>`
    UPDATE report SET facts = facts - ${personalFacts}::text[] WHERE ${concerned} RETURNING id`;
  const reportAttempts = await transaction.$executeRaw`
    UPDATE report_attempt SET response = NULL, reason = NULL WHERE report_id = ANY(${reports.map(({ id }) => id)}::uuid[])`;
  return { reports: reports.length, reportAttempts };
}

/** Idempotency-Keys are the caller's own words: those that name the person go, the others keep their promise. */
async function dropTellingKeys(
  transaction: Transaction,
  tenantId: string,
  { recipientIds, addresses }: Person,
  notifications: readonly ErasedNotification[],
): Promise<number> {
  const keyed = notifications.filter(({ idempotencyKey }) => idempotencyKey !== null);
  if (keyed.length === 0) return 0;
  return await transaction.$executeRaw`
    DELETE FROM idempotency_key AS k
    USING unnest(${keyed.map(({ mode }) => mode)}::text[], ${keyed.map((one) => one.idempotencyKey)}::text[]) AS given (mode, key)
    WHERE k.tenant_id = ${tenantId}::uuid AND k.mode = given.mode AND k.key = given.key
      AND EXISTS (
        SELECT FROM unnest(${[...recipientIds, ...addresses]}::text[]) AS word
        WHERE position(lower(word) IN lower(k.key || coalesce(k.response::text, ''))) > 0)`;
}

/** What endpoints are told: that something ended, and no longer whom it was for. */
function eventsOf(
  tenantId: string,
  notifications: readonly ErasedNotification[],
  deliveries: readonly ErasedDelivery[],
): ReportEvent[] {
  const categories = new Map(notifications.map(({ id, category }) => [id, category]));
  const canceled = notifications.filter(isWaiting).map(({ id, mode, category }) => ({
    ...{ tenantId, mode, type: "notification.canceled", notificationId: id, category },
    facts: { id, status: "CANCELED", category, reason: erasedReason },
  }));
  const ended = deliveries.filter(({ before, status }) => before !== status);
  return [
    ...canceled,
    ...ended.map(({ id, notificationId, mode, channel, status }) => {
      const category = categories.get(notificationId) ?? null;
      return {
        ...{ tenantId, mode, type: `delivery.${status.toLowerCase()}`, notificationId, channel, category },
        facts: { id, notificationId, channel, category, status, reason: erasedReason },
      };
    }),
  ];
}
