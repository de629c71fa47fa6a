import { plans } from "@tidings/shared/plans";
import type Stripe from "stripe";
import type { PublicOffer } from "./billing-schemas";
import type { Billing } from "./create-billing";

/**
 * What can be bought, the cheapest first, at the prices that Stripe charges.
 * @throws {Refusal} `unavailable`
 */
export async function listOffers({ prices }: Billing): Promise<PublicOffer[]> {
  return [...(await prices.all())].map(([plan, { base, metered }]) => ({
    plan,
    name: plans[plan].name,
    currency: base.currency,
    monthlyAmount: base.unit_amount,
    metered: [...metered].map(([channel, price]) => ({ channel, ...rateOf(price) })),
  }));
}

/** Of tiers: what the first ones grant for nothing, and the price beyond. */
export function rateOf({ tiers, unit_amount_decimal }: Stripe.Price): { included: number; unitAmount: string } {
  const free = tiers?.findLast(({ up_to, unit_amount_decimal: each }) => up_to !== null && Number(each ?? 0) === 0);
  const each = tiers?.at(-1)?.unit_amount_decimal ?? unit_amount_decimal;
  return { included: free?.up_to ?? 0, unitAmount: String(each ?? 0) };
}
