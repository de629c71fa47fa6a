import type { Database, Prisma } from "@tidings/db/client";
import type { PublicBilling, StripeBilling } from "./billing-schemas";
import type { Billing } from "./create-billing";
import { isInForce } from "./subscription-facts";

/**
 * What a tenant has, pays and owes, as last read from Stripe.
 * @param billing null without Stripe: self-hosted
 */
export async function describeBilling(
  database: Database,
  billing: Billing | null,
  tenantId: string,
): Promise<PublicBilling> {
  const { plan, subscription } = await database.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { plan: true, subscription: true },
  });
  return billing ? presentSubscription(plan, subscription) : { kind: "self_hosted", plan };
}

function presentSubscription(plan: string, row: Prisma.SubscriptionModel | null): StripeBilling {
  const isOn = isInForce(row?.status ?? null);
  return {
    kind: "stripe",
    plan,
    status: statusOf(row?.status ?? null),
    subscribedPlan: row?.plan ?? null,
    period:
      isOn && row?.periodStart && row.periodEnd
        ? { startsAt: row.periodStart.toISOString(), endsAt: row.periodEnd.toISOString() }
        : null,
    endsAt: row?.endsAt?.toISOString() ?? null,
    nextPlan: row?.nextPlan ?? null,
    dunning: row?.pastDueSince
      ? {
          since: row.pastDueSince.toISOString(),
          nextRetryAt: row.nextRetryAt?.toISOString() ?? null,
          invoiceUrl: row.unpaidInvoiceUrl,
        }
      : null,
    isCustomer: row !== null,
  };
}

/** A subscription whose first payment was never made is none. */
function statusOf(status: string | null): StripeBilling["status"] {
  if (status === "active" || status === "trialing" || status === "past_due") return status;
  return status === null || status.startsWith("incomplete") ? "none" : "canceled";
}
