import type { PublicBilling } from "@tidings/core/billing/billing-schemas";
import { changePlanBody, startCheckoutBody } from "@tidings/core/billing/billing-schemas";
import { cancelSubscription, keepSubscription } from "@tidings/core/billing/cancel-subscription";
import { changePlan } from "@tidings/core/billing/change-plan";
import { requireBilling } from "@tidings/core/billing/create-billing";
import { describeBilling } from "@tidings/core/billing/describe-billing";
import { getMeteredUse } from "@tidings/core/billing/get-metered-use";
import { listInvoices } from "@tidings/core/billing/list-invoices";
import { listOffers } from "@tidings/core/billing/list-offers";
import { openPortal } from "@tidings/core/billing/open-portal";
import { previewPlanChange } from "@tidings/core/billing/preview-plan-change";
import { startCheckout } from "@tidings/core/billing/start-checkout";
import { askStripe } from "@tidings/core/billing/stripe-errors";
import { syncSubscription } from "@tidings/core/billing/sync-subscription";
import { pageQuery, presentPage, readPage } from "@tidings/core/page";
import { plansForSale, unpaidPlan } from "@tidings/shared/plans";
import { z } from "zod";
import { router, tenantMutation, tenantProcedure } from "../trpc";

/** What a tenant has, pays and owes. Without Stripe all but the first refuse: there is nothing to buy. */
export const billingRouter = router({
  /** `fresh` asks Stripe before: for who comes back from a checkout before Stripe's events do. */
  get: tenantProcedure("billing.read")
    .input(z.object({ fresh: z.boolean().default(false) }))
    .query(async ({ ctx, input: { fresh } }) => {
      const { database, billing } = ctx.house;
      const { tenantId } = ctx.owner;
      if (fresh && billing) await askStripe(() => syncSubscription(billing, tenantId));
      return await describeBilling(database, billing, tenantId);
    }),

  /** What can be bought, at Stripe's prices. */
  offers: tenantProcedure("billing.read").query(({ ctx }) => listOffers(requireBilling(ctx.house.billing))),

  /** What is charged by the unit so far; null when nothing is. */
  metered: tenantProcedure("billing.read").query(({ ctx }) =>
    getMeteredUse(requireBilling(ctx.house.billing), ctx.owner.tenantId),
  ),

  invoices: tenantProcedure("billing.read")
    .input(z.object(pageQuery.shape))
    .query(async ({ ctx, input }) => {
      const billing = requireBilling(ctx.house.billing);
      const page = await listInvoices(billing, ctx.owner.tenantId, readPage(input, "text"));
      return presentPage(
        page,
        (invoice) => invoice,
        ({ id }) => id,
      );
    }),

  /** What changing to a plan would mean; `free` stands for canceling. */
  preview: tenantProcedure("billing.read")
    .input(z.object({ plan: z.enum([unpaidPlan, ...plansForSale]) }))
    .query(({ ctx, input }) => previewPlanChange(requireBilling(ctx.house.billing), ctx.owner.tenantId, input.plan)),

  /** Answers with the address of Stripe's page. */
  checkout: tenantMutation("billing.write", "checkout.started")
    .input(z.object(startCheckoutBody.shape))
    .mutation(async ({ ctx, input: { plan, requestId } }) => {
      const { url } = await startCheckout(requireBilling(ctx.house.billing), ctx.owner.tenantId, { plan, requestId });
      ctx.audit({ target: plan });
      return { url };
    }),

  /** Answers with the address of Stripe's page. */
  portal: tenantMutation("billing.write", "portal.opened").mutation(async ({ ctx }) => {
    const { url } = await openPortal(requireBilling(ctx.house.billing), ctx.owner.tenantId);
    ctx.audit({});
    return { url };
  }),

  change: tenantMutation("billing.write", "subscription.changed")
    .input(z.object(changePlanBody.shape))
    .mutation(async ({ ctx, input: { plan } }) => {
      const billing = requireBilling(ctx.house.billing);
      const before = await describeBilling(ctx.house.database, billing, ctx.owner.tenantId);
      const after = await changePlan(billing, ctx.owner.tenantId, { plan });
      ctx.audit({ target: plan, before: termsOf(before), after: termsOf(after) });
      return after;
    }),

  /** At the end of the period. */
  cancel: tenantMutation("billing.write", "subscription.canceled").mutation(async ({ ctx }) => {
    const billing = requireBilling(ctx.house.billing);
    const before = await describeBilling(ctx.house.database, billing, ctx.owner.tenantId);
    const after = await cancelSubscription(billing, ctx.owner.tenantId);
    ctx.audit({ before: termsOf(before), after: termsOf(after) });
    return after;
  }),

  /** Takes back that it ends, or that it changes to a smaller plan. */
  keep: tenantMutation("billing.write", "subscription.kept").mutation(async ({ ctx }) => {
    const billing = requireBilling(ctx.house.billing);
    const before = await describeBilling(ctx.house.database, billing, ctx.owner.tenantId);
    const after = await keepSubscription(billing, ctx.owner.tenantId);
    ctx.audit({ before: termsOf(before), after: termsOf(after) });
    return after;
  }),
});

/** What of a subscription a team decides. */
function termsOf(billing: PublicBilling) {
  if (billing.kind === "self_hosted") return {};
  const { subscribedPlan, nextPlan, endsAt } = billing;
  return { plan: subscribedPlan, nextPlan, endsAt };
}
