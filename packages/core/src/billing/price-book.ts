import { type PlanId, plans, plansForSale } from "@tidings/shared/plans";
import { Refusal } from "@tidings/shared/refusals";
import type Stripe from "stripe";
import type { StripeClient } from "./connect-stripe";
import { askStripe } from "./stripe-errors";

/** What a plan costs in Stripe. */
export interface PlanPrices {
  /** The flat price of a month. */
  base: Stripe.Price;
  /** What is charged by the unit, by channel. */
  metered: ReadonlyMap<string, Stripe.Price>;
}

/** Stripe's prices of the plans, found by their lookup keys. */
export interface PriceBook {
  /** @throws {Refusal} `conflict` when Stripe has no price for the plan */
  of(plan: PlanId): Promise<PlanPrices>;
  /** Those plans that have a price, the cheapest first. */
  all(): Promise<Map<PlanId, PlanPrices>>;
}

const keepMs = 5 * 60 * 1_000;

/** Lookup key of a plan's flat price, or of its price for units on a channel. */
export function lookupKeyOf(plan: PlanId, channel?: string): string {
  return channel === undefined ? `tidings_${plan}` : `tidings_${plan}_${channel}`;
}

/** What a price is for, by its lookup key, or by its metadata once another has taken its key. */
export function meaningOf({ lookup_key, metadata }: Stripe.Price): { plan: PlanId; channel: string | null } | null {
  const key = metadata.tidings ?? lookup_key ?? "";
  for (const plan of plansForSale) {
    const own = lookupKeyOf(plan);
    if (key === own) return { plan, channel: null };
    if (key.startsWith(`${own}_`)) return { plan, channel: key.slice(own.length + 1) };
  }
  return null;
}

/** Reads prices from Stripe at most every five minutes. */
export function createPriceBook(stripe: StripeClient): PriceBook {
  let known: { prices: Promise<Map<PlanId, PlanPrices>>; untilMs: number } | null = null;

  function all(): Promise<Map<PlanId, PlanPrices>> {
    if (known && known.untilMs > Date.now()) return known.prices;
    const reading = { prices: readPrices(stripe), untilMs: Date.now() + keepMs };
    known = reading;
    reading.prices.then(
      // What is still to be made in Stripe is looked for each time.
      (prices) => void (prices.size < plansForSale.length && forget()),
      forget,
    );
    return reading.prices;

    function forget() {
      if (known === reading) known = null;
    }
  }

  return {
    all,
    async of(plan) {
      const prices = (await all()).get(plan);
      if (prices) return prices;
      const remedy = "whoever runs this Tidings makes it with `tidings billing setup`";
      throw new Refusal("conflict", `There is no price for the plan ${plan} in Stripe yet; ${remedy}.`);
    },
  };
}

async function readPrices(stripe: StripeClient): Promise<Map<PlanId, PlanPrices>> {
  const entries = await Promise.all(plansForSale.map(async (plan) => [plan, await pricesOf(stripe, plan)] as const));
  return new Map(entries.flatMap(([plan, prices]) => (prices ? [[plan, prices]] : [])));
}

async function pricesOf(stripe: StripeClient, plan: PlanId): Promise<PlanPrices | null> {
  const lookupKeys = [
    lookupKeyOf(plan),
    ...Object.keys(plans[plan].monthlyUnits).map((each) => lookupKeyOf(plan, each)),
  ];
  const { data } = await askStripe(() =>
    // Stripe takes ten keys at most: a plan has a quota on fewer channels than that.
    stripe.prices.list({ lookup_keys: lookupKeys, active: true, limit: 100, expand: ["data.tiers"] }),
  );
  const base = data.find((price) => price.lookup_key === lookupKeyOf(plan));
  if (!base) return null;
  const metered = data.flatMap((price) => {
    const channel = meaningOf(price)?.channel;
    return channel ? [[channel, price] as const] : [];
  });
  return { base, metered: new Map(metered) };
}
