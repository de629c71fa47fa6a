import { plansForSale } from "@tidings/shared/plans";
import { z } from "zod";

const plan = z.enum(plansForSale);

/** What a checkout is started with. */
export const startCheckoutBody = z.strictObject({
  plan,
  /** Names this wish: sent twice with the same id, one checkout is started. */
  requestId: z.uuid().optional(),
});
export type StartCheckoutBody = z.output<typeof startCheckoutBody>;

/** Which plan to change to. */
export const changePlanBody = z.strictObject({ plan });
export type ChangePlanBody = z.output<typeof changePlanBody>;

/** What a tenant has, pays and owes. */
export type PublicBilling = { kind: "self_hosted"; plan: string } | StripeBilling;

export interface StripeBilling {
  kind: "stripe";
  /** What is in force, by whoever's decision. */
  plan: string;
  /** `none`: it never subscribed. `canceled`: it had a subscription, which has ended. */
  status: "none" | "active" | "trialing" | "past_due" | "canceled";
  /** What the subscription in force is to; null without one. */
  subscribedPlan: string | null;
  /** What is paid for at the moment, ISO 8601. */
  period: { startsAt: string; endsAt: string } | null;
  /** When it ends, being canceled, ISO 8601. */
  endsAt: string | null;
  /** Another plan from the end of the period on, being downgraded. */
  nextPlan: string | null;
  /** A payment that did not go through: since when, when it is tried again (null: no more), where to pay. */
  dunning: { since: string; nextRetryAt: string | null; invoiceUrl: string | null } | null;
  /** Whether it has a place in Stripe, and so a portal and invoices. */
  isCustomer: boolean;
}

/** What a plan costs, as Stripe charges it. */
export interface PublicOffer {
  plan: string;
  name: string;
  /** ISO 4217, lower case. */
  currency: string;
  /** In the currency's smallest unit, a month; null where the price is not a plain one. */
  monthlyAmount: number | null;
  /** What is charged by the unit: a decimal number of the currency's smallest unit, for each beyond `included`. */
  metered: { channel: string; included: number; unitAmount: string }[];
}

/** What is charged by the unit, so far in the period. */
export interface PublicMeteredUse {
  /** ISO 4217, lower case. */
  currency: string;
  /** Beginning of the period, ISO 8601. */
  since: string;
  channels: {
    channel: string;
    units: number;
    /** Units for nothing in each period. */
    included: number;
    /** For each unit beyond, a decimal number of the currency's smallest unit. */
    unitAmount: string;
    /** What the units come to, in the currency's smallest unit. */
    amount: number;
  }[];
}

/** Something to know before changing to a plan. */
export type Obstacle =
  /** More people in the team, and invited, than it has seats: it stands in the way. */
  | { kind: "seats"; blocks: true; used: number; allowed: number }
  /** More sent this month than it grants: next month it would be refused. */
  | { kind: "units"; blocks: false; channel: string; used: number; allowed: number }
  /** Notifications are kept for fewer days, null being for ever: older ones are deleted. */
  | { kind: "retention"; blocks: false; days: number; daysNow: number | null };

/** What changing to a plan would mean. */
export interface PlanChange {
  plan: string;
  /** `checkout`: there is no subscription to change. */
  takesEffect: "checkout" | "now" | "at_period_end" | "never";
  /** ISO 8601; null unless at the end of the period. */
  at: string | null;
  obstacles: Obstacle[];
}

/** An invoice as the team sees it. */
export interface PublicInvoice {
  id: string;
  number: string | null;
  status: "draft" | "open" | "paid" | "uncollectible" | "void";
  /** In the currency's smallest unit. */
  total: number;
  amountDue: number;
  currency: string;
  createdAt: string;
  period: { startsAt: string; endsAt: string };
  /** Where it is seen and paid, and as a file; null for a draft. */
  url: string | null;
  pdfUrl: string | null;
}
