import { Refusal } from "@tidings/shared/refusals";
import type Stripe from "stripe";
import type { ChangePlanBody, PublicBilling } from "./billing-schemas";
import type { Billing } from "./create-billing";
import { describeBilling } from "./describe-billing";
import { findSubscription, releaseSchedule } from "./find-subscription";
import { previewPlanChange } from "./preview-plan-change";
import { meaningOf, type PlanPrices } from "./price-book";
import { askStripe } from "./stripe-errors";
import { nextPlanKey } from "./subscription-facts";
import { syncSubscription } from "./sync-subscription";

/**
 * Changes the plan of a subscription: to a larger one at once, and its share of the month is charged now, or nothing changes; to a
 * smaller one at the end of the period. Either takes the place of a change or an end that was to come.
 * @throws {Refusal} `conflict` when there is no subscription, when a payment is due, when it is on this plan, when the team
 * is larger than the plan's, when the payment does not go through; `unavailable`
 */
export async function changePlan(billing: Billing, tenantId: string, { plan }: ChangePlanBody): Promise<PublicBilling> {
  const { prices, database } = billing;
  const subscription = await findSubscription(billing, tenantId);
  if (subscription.status === "past_due") {
    throw new Refusal("conflict", "A payment is due: pay the open invoice first, then change the plan.");
  }
  const { takesEffect, obstacles } = await previewPlanChange(billing, tenantId, plan);
  if (takesEffect === "never") throw new Refusal("conflict", "The subscription is to this plan already.");
  if (takesEffect === "now") await upgrade(billing, subscription, await prices.of(plan));
  else {
    const seats = obstacles.find(({ kind }) => kind === "seats");
    if (seats?.kind === "seats") {
      const { used, allowed } = seats;
      throw new Refusal("conflict", `The plan has ${allowed} seats and the team takes ${used}: make room first.`);
    }
    await downgrade(billing, subscription, plan, await prices.of(plan));
  }
  await askStripe(() => syncSubscription(billing, tenantId));
  return describeBilling(database, billing, tenantId);
}

async function upgrade(billing: Billing, subscription: Stripe.Subscription, prices: PlanPrices): Promise<void> {
  const { stripe } = billing;
  await askStripe(async () => {
    await releaseSchedule(stripe, subscription);
    await stripe.subscriptions.update(subscription.id, {
      items: itemsOf(subscription, prices),
      cancel_at_period_end: false,
      proration_behavior: "always_invoice",
      payment_behavior: "error_if_incomplete",
    });
  });
}

/** The flat price takes the place of the one before; prices by the unit come and go beside it. */
function itemsOf(
  { items }: Stripe.Subscription,
  { base, metered }: PlanPrices,
): Stripe.SubscriptionUpdateParams.Item[] {
  const wanted = new Set([...metered.values()].map(({ id }) => id));
  const isMetered = ({ price }: Stripe.SubscriptionItem) => typeof meaningOf(price)?.channel === "string";
  const kept = new Set(items.data.map(({ price }) => price.id));
  return [
    ...items.data.flatMap((item): Stripe.SubscriptionUpdateParams.Item[] => {
      if (!isMetered(item)) return [{ id: item.id, price: base.id, quantity: 1 }];
      return wanted.has(item.price.id) ? [] : [{ id: item.id, deleted: true }];
    }),
    ...[...wanted].filter((id) => !kept.has(id)).map((price) => ({ price })),
  ];
}

/** A schedule of Stripe's: what there is until the period ends, then the smaller plan, and then the schedule lets go. */
async function downgrade(
  { stripe }: Billing,
  subscription: Stripe.Subscription,
  plan: string,
  { base, metered }: PlanPrices,
): Promise<void> {
  await askStripe(async () => {
    await releaseSchedule(stripe, subscription);
    if (subscription.cancel_at_period_end) {
      await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false });
    }
    const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
    const [current] = schedule.phases;
    if (!current) throw new Error(`Stripe's schedule ${schedule.id} has no phase`);
    const items = subscription.items.data.map(({ price, quantity }) => ({
      price: price.id,
      ...(quantity !== undefined && { quantity }),
    }));
    await stripe.subscriptionSchedules.update(schedule.id, {
      end_behavior: "release",
      proration_behavior: "none",
      metadata: { [nextPlanKey]: plan },
      phases: [
        { items, start_date: current.start_date, end_date: current.end_date, proration_behavior: "none" },
        {
          items: [{ price: base.id, quantity: 1 }, ...[...metered.values()].map(({ id }) => ({ price: id }))],
          duration: { interval: "month", interval_count: 1 },
          proration_behavior: "none",
        },
      ],
    });
  });
}
