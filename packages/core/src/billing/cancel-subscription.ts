import type { PublicBilling } from "./billing-schemas";
import type { Billing } from "./create-billing";
import { describeBilling } from "./describe-billing";
import { findSubscription, releaseSchedule } from "./find-subscription";
import { askStripe } from "./stripe-errors";
import { isInForce, readSubscription } from "./subscription-facts";
import { syncSubscription } from "./sync-subscription";

/**
 * Cancels a subscription at the end of its period, which is paid for; then the tenant is on the plan nobody pays for.
 * @throws {Refusal} `conflict` when there is none, `unavailable`
 */
export async function cancelSubscription(billing: Billing, tenantId: string): Promise<PublicBilling> {
  const subscription = await findSubscription(billing, tenantId);
  await askStripe(async () => {
    await releaseSchedule(billing.stripe, subscription);
    await billing.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    await syncSubscription(billing, tenantId);
  });
  return describeBilling(billing.database, billing, tenantId);
}

/**
 * Keeps a subscription as it is: takes back that it was to end, or to change to a smaller plan. Harmless when neither was to be.
 * @throws {Refusal} `conflict` when there is none, `unavailable`
 */
export async function keepSubscription(billing: Billing, tenantId: string): Promise<PublicBilling> {
  const subscription = await findSubscription(billing, tenantId);
  await askStripe(async () => {
    await releaseSchedule(billing.stripe, subscription);
    if (subscription.cancel_at_period_end) {
      await billing.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false });
    }
    await syncSubscription(billing, tenantId);
  });
  return describeBilling(billing.database, billing, tenantId);
}

/**
 * Ends whatever a tenant pays for, at once, as before the tenant itself is deleted. Safe to repeat.
 * @throws {Refusal} `unavailable`: then nothing may be deleted yet
 */
export async function endSubscription(billing: Billing, tenantId: string): Promise<void> {
  const { database, stripe } = billing;
  const row = await database.subscription.findUnique({ where: { tenantId } });
  if (!row) return;
  await askStripe(async () => {
    for (;;) {
      const { current } = await readSubscription(stripe, row.customerId);
      if (!current || !isInForce(current.status)) break;
      await stripe.subscriptions.cancel(current.id, { prorate: true });
    }
    await syncSubscription(billing, tenantId);
  });
}
