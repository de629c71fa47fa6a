import { type Plan, plans, plansForSale } from "@tidings/shared/plans";
import Stripe from "stripe";
import type { StripeClient } from "./connect-stripe";
import { lookupKeyOf } from "./price-book";
import { askStripe, isMissing } from "./stripe-errors";
import { findMeter, meterName } from "./usage-meters";

/** One thing of Stripe's that billing needs. */
export interface PriceSetup {
  kind: "meter" | "product" | "price";
  /** A meter's event name, a product's id, a price's lookup key. */
  name: string;
  id: string;
  /** Whether it was made now, or was there. */
  isNew: boolean;
}

/**
 * Makes in Stripe what the plans need and is not there: meters, products, and prices in US dollars with their lookup keys. What
 * is there stays as it is, whatever it costs: the operator's own prices go first. Safe to repeat.
 * @throws {Refusal} `unavailable`
 */
export async function setUpPrices(stripe: StripeClient): Promise<PriceSetup[]> {
  const done: PriceSetup[] = [];
  await askStripe(async () => {
    const meters = new Map<string, string>();
    for (const channel of new Set(plansForSale.flatMap((plan) => Object.keys(plans[plan].overageCents)))) {
      const meter = await setUpMeter(stripe, channel);
      meters.set(channel, meter.id);
      done.push(meter);
    }
    for (const id of plansForSale) {
      const plan: Plan = plans[id];
      const product = await setUpProduct(stripe, lookupKeyOf(id), `Tidings ${plan.name}`);
      done.push(product);
      const flat = { unit_amount: plan.monthlyCents ?? 0, recurring: { interval: "month" as const } };
      done.push(await setUpPrice(stripe, lookupKeyOf(id), { product: product.id, nickname: plan.name, ...flat }));
      for (const [channel, cents = "0"] of Object.entries(plan.overageCents)) {
        const params = {
          product: product.id,
          nickname: `${plan.name}: ${channel} beyond ${plan.monthlyUnits[channel]}`,
          billing_scheme: "tiered" as const,
          tiers_mode: "graduated" as const,
          tiers: [
            { up_to: plan.monthlyUnits[channel] ?? 0, unit_amount: 0 },
            { up_to: "inf" as const, unit_amount_decimal: Stripe.Decimal.from(cents) },
          ],
          recurring: { interval: "month" as const, usage_type: "metered" as const, meter: meters.get(channel) ?? "" },
        };
        done.push(await setUpPrice(stripe, lookupKeyOf(id, channel), params));
      }
    }
  });
  return done;
}

async function setUpMeter(stripe: StripeClient, channel: string): Promise<PriceSetup> {
  const name = meterName(channel);
  const known = await findMeter(stripe, channel);
  if (known) return { kind: "meter", name, id: known.id, isNew: false };
  const made = await stripe.billing.meters.create({
    display_name: `Tidings: ${channel}`,
    event_name: name,
    default_aggregation: { formula: "sum" },
    customer_mapping: { type: "by_id", event_payload_key: "stripe_customer_id" },
    value_settings: { event_payload_key: "value" },
  });
  return { kind: "meter", name, id: made.id, isNew: true };
}

async function setUpProduct(stripe: StripeClient, id: string, name: string): Promise<PriceSetup> {
  const known = await stripe.products.retrieve(id).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (!known) await stripe.products.create({ id, name });
  return { kind: "product", name: id, id, isNew: known === null };
}

async function setUpPrice(
  stripe: StripeClient,
  lookupKey: string,
  params: Omit<Stripe.PriceCreateParams, "currency" | "lookup_key">,
): Promise<PriceSetup> {
  const { data } = await stripe.prices.list({ lookup_keys: [lookupKey], active: true, limit: 1 });
  const [known] = data;
  const price =
    known ??
    (await stripe.prices.create({
      currency: "usd",
      lookup_key: lookupKey,
      metadata: { tidings: lookupKey },
      ...params,
    }));
  return { kind: "price", name: lookupKey, id: price.id, isNew: known === undefined };
}
