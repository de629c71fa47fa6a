import { groupBy } from "@tidings/shared/group-by";
import type { Billing } from "./create-billing";
import { planSpans } from "./plan-spans";
import { isKnownEvent, isStripeAway } from "./stripe-errors";
import { hasArrived, meterName } from "./usage-meters";

/** A span of a day's units that Stripe is to know of. */
interface Span {
  tenantId: string;
  channel: string;
  day: Date;
  fromUnits: bigint;
  toUnits: bigint;
  attemptedAt: Date | null;
  stampedAt: Date | null;
  customerId: string;
  periodStart: Date | null;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** For so long an attempt is repeated blindly: Stripe knows an event by its identifier for 24 hours at least. */
const blindMs = 30 * minuteMs;
/** After so long without an attempt, what Stripe has summed up of events is all of them. */
const settledMs = 40 * minuteMs;
/** An invoice stays open to units of its period for about an hour: https://docs.stripe.com/billing/subscriptions/usage-based */
const invoiceOpenMs = 45 * minuteMs;
/** Stripe takes events of the last 35 days. */
const oldestMs = 34 * dayMs;
const pageSize = 2_000;

/**
 * Tells Stripe what was sent on metered channels, each unit once. Before an event is sent, its span of units and its time are
 * written down and never change after that: whoever repeats it sends the same event under the same identifier, which Stripe
 * takes once. One whose fate is unknown for longer than that is first looked for in Stripe's sums. Of each tenant and
 * channel at most one is in doubt, so that the sums tell. Safe at any time and in several processes at once.
 * @returns how many units were reported
 * @throws whatever Stripe's client does when Stripe is away; all that is not reported stays noted
 */
export async function reportUsage(billing: Billing): Promise<bigint> {
  await planSpans(billing.database, billing.now());
  let units = 0n;
  for (const spans of groupBy(await openSpans(billing), ({ tenantId, channel }) => `${tenantId} ${channel}`).values()) {
    units += await reportInOrder(billing, spans);
  }
  return units;
}

/** Those in doubt first, of each tenant and channel. */
function openSpans({ database }: Billing): Promise<Span[]> {
  return database.$queryRaw<Span[]>`
    SELECT m.tenant_id AS "tenantId", m.channel, m.day, m.from_units AS "fromUnits", m.to_units AS "toUnits",
      m.attempted_at AS "attemptedAt", m.stamped_at AS "stampedAt", s.customer_id AS "customerId", s.period_start AS "periodStart"
    FROM metered_usage AS m JOIN subscription AS s ON s.tenant_id = m.tenant_id
    WHERE m.settled_at IS NULL
    ORDER BY m.tenant_id, m.channel, m.attempted_at NULLS LAST, m.day, m.from_units
    LIMIT ${pageSize}`;
}

/** Reports a channel's spans until one stays in doubt. */
async function reportInOrder(billing: Billing, spans: readonly Span[]): Promise<bigint> {
  let units = 0n;
  for (const span of spans) {
    try {
      if (!(await reportSpan(billing, span))) break;
    } catch (err) {
      if (isStripeAway(err)) throw err; // nobody else's would fare better
      const { tenantId, channel, day } = span;
      billing.logger.error({ err, tenantId, channel, day }, "Stripe refused a meter event; trying again");
      break;
    }
    units += span.toUnits - span.fromUnits;
  }
  return units;
}

/** @returns false when the span is another process's, or must wait */
async function reportSpan(billing: Billing, span: Span): Promise<boolean> {
  const nowMs = billing.now();
  const ageMs = span.attemptedAt ? nowMs - span.attemptedAt.getTime() : 0;
  if (ageMs >= blindMs && ageMs < settledMs) return false;
  if (ageMs >= settledMs && (await hasArrived(billing, span))) return await settle(billing, span);

  const isRepeated = span.attemptedAt !== null && ageMs < blindMs;
  const stampedAt = isRepeated && span.stampedAt ? span.stampedAt : stampOf(span, nowMs);
  if (!isRepeated && !(await claim(billing, span, stampedAt, nowMs))) return false;
  await send(billing, span, stampedAt);
  return await settle(billing, span);
}

async function send({ stripe }: Billing, span: Span, stampedAt: Date): Promise<void> {
  const { tenantId, channel, day, fromUnits, toUnits, customerId } = span;
  const params = {
    event_name: meterName(channel),
    identifier: `tidings_${tenantId}_${channel}_${day.toISOString().slice(0, 10)}_${fromUnits}`,
    timestamp: Math.floor(stampedAt.getTime() / 1_000),
    payload: { stripe_customer_id: customerId, value: String(toUnits - fromUnits) },
  };
  await stripe.billing.meterEvents.create(params).catch((error: unknown) => {
    if (!isKnownEvent(error)) throw error;
  });
}

/**
 * The time a day's units are reported for: within the day, so that they count in its period; now, when that period's invoice is
 * closed and would never charge them.
 */
function stampOf({ day, periodStart }: Span, nowMs: number): Date {
  const lastMs = day.getTime() + dayMs - 1_000;
  const now = new Date(Math.floor(nowMs / 1_000) * 1_000);
  const isClosed =
    periodStart !== null && lastMs < periodStart.getTime() && nowMs >= periodStart.getTime() + invoiceOpenMs;
  return nowMs <= lastMs || isClosed || lastMs < nowMs - oldestMs ? now : new Date(lastMs);
}

/** Notes that a span is about to be told; one claim at a time, so that no two of a channel come in doubt. */
async function claim({ database }: Billing, span: Span, stampedAt: Date, nowMs: number): Promise<boolean> {
  const { tenantId, channel, day, fromUnits, toUnits, attemptedAt } = span;
  return await database.$transaction(async (transaction) => {
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('tidings.metered_usage'))`;
    const where = { tenantId, channel, settledAt: null };
    const inDoubt = await transaction.meteredUsage.findFirst({ where: { ...where, attemptedAt: { not: null } } });
    if (attemptedAt === null && inDoubt) return false;
    const { count } = await transaction.meteredUsage.updateMany({
      where: { ...where, day, fromUnits, toUnits, attemptedAt },
      data: { attemptedAt: new Date(nowMs), stampedAt },
    });
    return count === 1;
  });
}

async function settle({ database }: Billing, { tenantId, channel, day, fromUnits }: Span): Promise<true> {
  const where = { tenantId, channel, day, fromUnits, settledAt: null };
  await database.meteredUsage.updateMany({ where, data: { settledAt: new Date() } });
  return true;
}
