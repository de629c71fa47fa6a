import type { Prisma } from "@tidings/db/client";
import { type PlanId, plansForSale } from "@tidings/shared/plans";
import type Stripe from "stripe";
import type { StripeClient } from "./connect-stripe";
import { meaningOf } from "./price-book";

/** Statuses in which a subscription's plan is in force: one whose payment is late keeps it while Stripe tries again. */
const inForce: readonly string[] = ["active", "trialing", "past_due"];

/** Whether a subscription's plan is in force. */
export function isInForce(status: string | null): boolean {
  return status !== null && inForce.includes(status);
}

/** What a row keeps of a subscription. */
export type SubscriptionFacts = Pick<
  Prisma.SubscriptionModel,
  | "subscriptionId"
  | "status"
  | "plan"
  | "periodStart"
  | "periodEnd"
  | "endsAt"
  | "nextPlan"
  | "pastDueSince"
  | "nextRetryAt"
  | "unpaidInvoiceUrl"
  | "meteredChannels"
>;

/** Under this name a schedule says what it changes to. */
export const nextPlanKey = "tidings_next_plan";

/**
 * A customer's subscription to a plan as Stripe has it now: the one in force, else the last there was.
 * @returns with its latest invoice and its schedule; undefined when there never was one
 */
export async function readSubscription(
  stripe: StripeClient,
  customer: string,
): Promise<{ current: Stripe.Subscription | undefined; surplus: string[] }> {
  const list = { customer, status: "all", limit: 100, expand: ["data.latest_invoice", "data.schedule"] } as const;
  const { data } = await stripe.subscriptions.list({ ...list, expand: [...list.expand] });
  const ours = data
    .filter(({ items }) => items.data.some(({ price }) => meaningOf(price)))
    .sort((one, other) => other.created - one.created);
  const live = ours.filter(({ status }) => isInForce(status));
  return { current: live[0] ?? ours[0], surplus: live.slice(1).map(({ id }) => id) };
}

/** What is kept of a subscription. */
export function factsOf(subscription: Stripe.Subscription | undefined): SubscriptionFacts {
  if (!subscription) return nothing;
  const { id, status, items, cancel_at, cancel_at_period_end, latest_invoice, schedule } = subscription;
  const meanings = items.data.map(({ price }) => meaningOf(price));
  const base = items.data.find((_, index) => meanings[index]?.channel === null) ?? items.data[0];
  const periodEnd = dateOf(base?.current_period_end);
  const holds = isInForce(status);
  const plan = meanings.find((meaning) => meaning?.channel === null)?.plan ?? null;
  const invoice = typeof latest_invoice === "object" ? latest_invoice : null;
  const isLate = status === "past_due" && invoice !== null;
  const nextPlan = typeof schedule === "object" ? schedule?.metadata?.[nextPlanKey] : undefined;
  return {
    subscriptionId: id,
    status,
    plan: holds ? plan : null,
    periodStart: dateOf(base?.current_period_start),
    periodEnd,
    endsAt: holds ? (dateOf(cancel_at) ?? (cancel_at_period_end ? periodEnd : null)) : null,
    nextPlan: holds && nextPlan !== plan && isForSale(nextPlan) ? nextPlan : null,
    pastDueSince: isLate ? dateOf(invoice.status_transitions.finalized_at ?? invoice.created) : null,
    nextRetryAt: isLate ? dateOf(invoice.next_payment_attempt) : null,
    unpaidInvoiceUrl: isLate ? (invoice.hosted_invoice_url ?? null) : null,
    meteredChannels: holds ? meanings.flatMap((meaning) => meaning?.channel ?? []).sort() : [],
  };
}

const nothing: SubscriptionFacts = {
  subscriptionId: null,
  status: null,
  plan: null,
  periodStart: null,
  periodEnd: null,
  endsAt: null,
  nextPlan: null,
  pastDueSince: null,
  nextRetryAt: null,
  unpaidInvoiceUrl: null,
  meteredChannels: [],
};

function isForSale(plan: string | undefined): plan is PlanId {
  return (plansForSale as readonly string[]).includes(plan ?? "");
}

/** Stripe's seconds. */
function dateOf(seconds: number | null | undefined): Date | null {
  return seconds === null || seconds === undefined ? null : new Date(seconds * 1_000);
}
