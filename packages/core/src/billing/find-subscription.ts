import { Refusal } from "@tidings/shared/refusals";
import type Stripe from "stripe";
import type { StripeClient } from "./connect-stripe";
import type { Billing } from "./create-billing";
import { askStripe } from "./stripe-errors";
import { isInForce, readSubscription } from "./subscription-facts";

/**
 * A tenant's subscription that is in force, as Stripe has it now.
 * @throws {Refusal} `conflict` when there is none, `unavailable`
 */
export async function findSubscription({ database, stripe }: Billing, tenantId: string): Promise<Stripe.Subscription> {
  const row = await database.subscription.findUnique({ where: { tenantId } });
  const found = row && (await askStripe(() => readSubscription(stripe, row.customerId)));
  if (found?.current && isInForce(found.current.status)) return found.current;
  throw new Refusal("conflict", "There is no subscription to change: start one with a checkout.");
}

/** Drops a change that was to come at the end of the period. */
export async function releaseSchedule(stripe: StripeClient, { schedule }: Stripe.Subscription): Promise<void> {
  const id = typeof schedule === "object" ? schedule?.id : schedule;
  if (id) await stripe.subscriptionSchedules.release(id);
}
