import { createHash } from "node:crypto";
import { publicId } from "@tidings/shared/ids";
import type { Billing } from "./create-billing";
import { askStripe } from "./stripe-errors";

/**
 * A tenant's customer in Stripe, made when first needed. However many ask at once, the tenant has one: Stripe makes one for
 * the same idempotency key, and the tenant's row keeps the first.
 * @returns the customer's id
 */
export async function customerOf({ stripe, database }: Billing, tenantId: string): Promise<string> {
  const known = await database.subscription.findUnique({ where: { tenantId }, select: { customerId: true } });
  if (known) return known.customerId;
  const { name, slug, contactEmail } = await database.tenant.findUniqueOrThrow({ where: { id: tenantId } });
  const params = {
    name,
    ...(contactEmail !== null && { email: contactEmail }),
    metadata: { tenant_id: publicId("tenant", tenantId), tenant: slug },
  };
  const digest = createHash("sha256").update(JSON.stringify(params)).digest("base64url");
  const idempotencyKey = `tidings-customer-${tenantId}-${digest}`;
  const customer = await askStripe(() => stripe.customers.create(params, { idempotencyKey }));
  await database.subscription.createMany({ data: { tenantId, customerId: customer.id }, skipDuplicates: true });
  const { customerId } = await database.subscription.findUniqueOrThrow({ where: { tenantId } });
  return customerId;
}
