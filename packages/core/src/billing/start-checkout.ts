import { publicId } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import type { StartCheckoutBody } from "./billing-schemas";
import type { Billing } from "./create-billing";
import { customerOf } from "./customer-of";
import { askStripe } from "./stripe-errors";
import { isInForce } from "./subscription-facts";
import { syncSubscription } from "./sync-subscription";

/**
 * Starts a checkout on Stripe's pages. Of a tenant at most one is open: starting another closes those before, so that
 * nobody pays twice. The subscription's months are the quotas' months: they begin on the first, UTC, and the days until then are
 * charged in part.
 * @returns where to send the person; Stripe leads back to the page of billing, with `?checkout=done` or `canceled`
 * @throws {Refusal} `conflict` when there is a subscription already, or no price for the plan; `unavailable`
 */
export async function startCheckout(
  billing: Billing,
  tenantId: string,
  { plan, requestId }: StartCheckoutBody,
): Promise<{ url: string }> {
  const { stripe, prices, database, consoleUrl } = billing;
  const { base, metered } = await prices.of(plan);
  const customer = await customerOf(billing, tenantId);
  const row = await askStripe(() => syncSubscription(billing, tenantId));
  if (isInForce(row?.status ?? null)) {
    throw new Refusal("conflict", "There is a subscription already: change its plan instead.");
  }
  const { slug } = await database.tenant.findUniqueOrThrow({ where: { id: tenantId }, select: { slug: true } });
  const page = `${consoleUrl}/${slug}/billing`;
  const session = await askStripe(async () => {
    const started = await stripe.checkout.sessions.create(
      {
        mode: "subscription",
        customer,
        client_reference_id: publicId("tenant", tenantId),
        line_items: [{ price: base.id, quantity: 1 }, ...[...metered.values()].map(({ id }) => ({ price: id }))],
        subscription_data: {
          billing_cycle_anchor_config: { day_of_month: 1, hour: 0, minute: 0, second: 0 },
          metadata: { tenant_id: publicId("tenant", tenantId), tenant: slug },
        },
        allow_promotion_codes: true,
        billing_address_collection: "auto",
        customer_update: { name: "auto", address: "auto" },
        success_url: `${page}?checkout=done`,
        cancel_url: `${page}?checkout=canceled`,
      },
      requestId === undefined ? {} : { idempotencyKey: `tidings-checkout-${tenantId}-${requestId}` },
    );
    const open = await stripe.checkout.sessions.list({ customer, status: "open", limit: 100 });
    const others = open.data.filter(({ id }) => id !== started.id);
    await Promise.all(others.map(({ id }) => stripe.checkout.sessions.expire(id)));
    return started;
  });
  if (!session.url) throw new Refusal("conflict", "This checkout is over already: start another.");
  return { url: session.url };
}
