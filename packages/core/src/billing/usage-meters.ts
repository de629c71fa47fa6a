import type Stripe from "stripe";
import type { StripeClient } from "./connect-stripe";
import type { Billing } from "./create-billing";

/** Name of the meter, and of its events, that counts what is sent on a channel. */
export function meterName(channel: string): string {
  return `tidings_${channel}_units`;
}

/** Stripe's meter of a channel. */
export async function findMeter(stripe: StripeClient, channel: string): Promise<Stripe.Billing.Meter | null> {
  for await (const meter of stripe.billing.meters.list({ status: "active", limit: 100 })) {
    if (meter.event_name === meterName(channel)) return meter;
  }
  return null;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * Whether Stripe has counted an event whose answer was never seen: it has when its sum of that day exceeds what is known
 * to have arrived.
 * @param span reported for the time `stampedAt`; no other of its tenant and channel is in doubt
 */
export async function hasArrived(
  { stripe, database, logger, now }: Billing,
  span: {
    tenantId: string;
    channel: string;
    customerId: string;
    stampedAt: Date | null;
    fromUnits: bigint;
    toUnits: bigint;
  },
): Promise<boolean> {
  const { tenantId, channel, customerId, stampedAt, fromUnits, toUnits } = span;
  const meter = await findMeter(stripe, channel);
  if (!meter || !stampedAt) return false;
  const startMs = Math.floor(stampedAt.getTime() / dayMs) * dayMs;
  const endMs = Math.min(startMs + dayMs, Math.floor(now() / minuteMs) * minuteMs); // on whole minutes, as Stripe wants
  const { data } = await stripe.billing.meters.listEventSummaries(meter.id, {
    customer: customerId,
    start_time: startMs / 1_000,
    end_time: endMs / 1_000,
  });
  const counted = data.reduce((sum, { aggregated_value }) => sum + aggregated_value, 0);
  const known = await database.meteredUsage.findMany({
    where: {
      tenantId,
      channel,
      settledAt: { not: null },
      stampedAt: { gte: new Date(startMs), lt: new Date(endMs) },
    },
  });
  const surplus = counted - known.reduce((sum, { fromUnits: from, toUnits: to }) => sum + Number(to - from), 0);
  if (surplus !== 0 && surplus !== Number(toUnits - fromUnits)) {
    logger.error({ tenantId, channel, stampedAt, counted, surplus }, "Stripe's meter counts what was never reported");
  }
  return surplus > 0;
}
