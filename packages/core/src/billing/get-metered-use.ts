import type Stripe from "stripe";
import type { PublicMeteredUse } from "./billing-schemas";
import type { Billing } from "./create-billing";
import { rateOf } from "./list-offers";
import { planSpans } from "./plan-spans";
import { meaningOf } from "./price-book";
import { askStripe } from "./stripe-errors";

/**
 * What a tenant has sent in its subscription's period on channels that are charged by the unit, and what that comes to at
 * the prices it subscribed to. What Stripe has not been told yet is in it.
 * @returns null without a subscription that charges by the unit
 * @throws {Refusal} `unavailable`
 */
export async function getMeteredUse(
  { stripe, database, now }: Billing,
  tenantId: string,
): Promise<PublicMeteredUse | null> {
  const row = await database.subscription.findUnique({ where: { tenantId } });
  if (!row?.subscriptionId || !row.periodStart || row.meteredChannels.length === 0) return null;
  const { subscriptionId, periodStart } = row;
  const subscription = await askStripe(() =>
    stripe.subscriptions.retrieve(subscriptionId, { expand: ["items.data.price.tiers"] }),
  );
  await planSpans(database, now(), tenantId);
  const units = await database.$queryRaw<{ channel: string; units: number }[]>`
    SELECT channel, sum(to_units - from_units)::float8 AS units FROM metered_usage
    WHERE tenant_id = ${tenantId}::uuid AND (stamped_at >= ${periodStart} OR (stamped_at IS NULL AND settled_at IS NULL))
    GROUP BY channel`;
  const unitsOf = new Map(units.map((each) => [each.channel, each.units]));
  const channels = subscription.items.data.flatMap(({ price }) => {
    const channel = meaningOf(price)?.channel;
    if (!channel) return [];
    const sent = unitsOf.get(channel) ?? 0;
    return [{ channel, units: sent, ...rateOf(price), amount: chargeOf(price, sent) }];
  });
  return {
    currency: subscription.currency,
    since: periodStart.toISOString(),
    channels: channels.sort((one, other) => one.channel.localeCompare(other.channel)),
  };
}

/** Of graduated tiers: each unit costs what the tier says that it falls into. */
function chargeOf({ tiers, unit_amount_decimal }: Stripe.Price, units: number): number {
  let amount = 0;
  let from = 0;
  for (const tier of tiers ?? [{ up_to: null, unit_amount_decimal }]) {
    const to = Math.min(units, tier.up_to ?? Number.POSITIVE_INFINITY);
    amount += Math.max(0, to - from) * Number(tier.unit_amount_decimal ?? 0);
    from = Math.max(from, to);
  }
  return Math.round(amount);
}
