import type { Billing } from "./create-billing";
import { customerOf } from "./customer-of";
import { askStripe } from "./stripe-errors";

/**
 * Opens Stripe's customer portal, where a team keeps its cards, address and tax number.
 * @returns where to send the person; good for some minutes
 * @throws {Refusal} `unavailable`
 */
export async function openPortal(billing: Billing, tenantId: string): Promise<{ url: string }> {
  const { stripe, database, consoleUrl } = billing;
  const customer = await customerOf(billing, tenantId);
  const { slug } = await database.tenant.findUniqueOrThrow({ where: { id: tenantId }, select: { slug: true } });
  const params = { customer, return_url: `${consoleUrl}/${slug}/billing` };
  const { url } = await askStripe(() => stripe.billingPortal.sessions.create(params));
  return { url };
}
