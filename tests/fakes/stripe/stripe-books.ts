import { randomBytes } from "node:crypto";

/** What Stripe keeps, in its own words and as far as Tidings reads it. Times are seconds. */
export interface StripeCustomer {
  id: string;
  object: "customer";
  created: number;
  name: string | null;
  email: string | null;
  metadata: Record<string, string>;
}
export interface StripePrice {
  id: string;
  object: "price";
  active: boolean;
  created: number;
  currency: string;
  product: string;
  nickname: string | null;
  lookup_key: string | null;
  metadata: Record<string, string>;
  unit_amount: number | null;
  unit_amount_decimal: string | null;
  billing_scheme: string;
  tiers?: { up_to: number | null; unit_amount: number | null; unit_amount_decimal: string | null }[];
  recurring: { interval: string; interval_count: number; usage_type: string; meter: string | null };
}
export interface StripeItem {
  id: string;
  object: "subscription_item";
  price: StripePrice;
  quantity?: number;
  current_period_start: number;
  current_period_end: number;
}
export interface StripeSubscription {
  id: string;
  object: "subscription";
  customer: string;
  created: number;
  currency: string;
  status: string;
  items: { object: "list"; data: StripeItem[]; has_more: false; url: string };
  cancel_at: number | null;
  cancel_at_period_end: boolean;
  canceled_at: number | null;
  ended_at: number | null;
  latest_invoice: string | null;
  schedule: string | null;
  metadata: Record<string, string>;
}
export interface StripeSchedule {
  id: string;
  object: "subscription_schedule";
  status: "active" | "released";
  subscription: string | null;
  metadata: Record<string, string>;
  phases: { start_date: number; end_date: number; items: { price: string; quantity?: number }[] }[];
}
export interface StripeInvoice {
  id: string;
  object: "invoice";
  number: string;
  customer: string;
  created: number;
  currency: string;
  status: "open" | "paid" | "uncollectible" | "void";
  total: number;
  amount_due: number;
  amount_paid: number;
  amount_remaining: number;
  attempt_count: number;
  next_payment_attempt: number | null;
  hosted_invoice_url: string;
  invoice_pdf: string;
  period_start: number;
  period_end: number;
  status_transitions: { finalized_at: number; paid_at: number | null };
  parent: { type: "subscription_details"; subscription_details: { subscription: string } };
}
export interface StripeSession {
  id: string;
  object: "checkout.session";
  mode: "subscription";
  customer: string;
  client_reference_id: string | null;
  created: number;
  status: "open" | "complete" | "expired";
  url: string | null;
  success_url: string;
  cancel_url: string;
  subscription: string | null;
  metadata: Record<string, string>;
}
export interface StripeMeter {
  id: string;
  object: "billing.meter";
  display_name: string;
  event_name: string;
  status: "active";
  created: number;
}
export interface StripeMeterEvent {
  object: "billing.meter_event";
  event_name: string;
  identifier: string;
  timestamp: number;
  created: number;
  payload: Record<string, string>;
}
/** As it is sent to webhooks. */
export interface StripeEvent {
  id: string;
  object: "event";
  type: string;
  created: number;
  livemode: boolean;
  data: { object: unknown };
}

export interface StripeBooks {
  customers: Map<string, StripeCustomer>;
  products: Map<string, { id: string; object: "product"; name: string; created: number; active: true }>;
  prices: Map<string, StripePrice>;
  subscriptions: Map<string, StripeSubscription>;
  schedules: Map<string, StripeSchedule>;
  invoices: Map<string, StripeInvoice>;
  sessions: Map<string, StripeSession & { lines: { price: string; quantity?: number }[]; anchorDay: number | null }>;
  meters: Map<string, StripeMeter>;
  /** Those that were taken. */
  meterEvents: StripeMeterEvent[];
}

export function openBooks(): StripeBooks {
  return {
    customers: new Map(),
    products: new Map(),
    prices: new Map(),
    subscriptions: new Map(),
    schedules: new Map(),
    invoices: new Map(),
    sessions: new Map(),
    meters: new Map(),
    meterEvents: [],
  };
}

export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString("hex")}`;
}
