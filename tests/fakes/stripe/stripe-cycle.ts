import {
  newId,
  type StripeBooks,
  type StripeInvoice,
  type StripeItem,
  type StripePrice,
  type StripeSchedule,
  type StripeSubscription,
} from "./stripe-books";

/** What happens to subscriptions with time and payments. Each tells its events. */
export interface StripeCycle {
  subscribe(
    customer: string,
    lines: Line[],
    metadata: Record<string, string>,
    anchorDay: number | null,
  ): StripeSubscription;
  /** Puts prices in place of what there is; charges at once when told to. */
  change(subscription: StripeSubscription, lines: Line[], charge: boolean): void;
  end(subscription: StripeSubscription, status?: "canceled" | "unpaid"): void;
  /** A period ends: what was to change changes, and the next is paid. */
  renew(customer: string): void;
  /** A period ends and its payment fails. */
  failPayment(customer: string): void;
  /** The open invoice is paid after all. */
  payInvoice(customer: string): void;
  /** Stripe stops trying. */
  giveUp(customer: string, status?: "canceled" | "unpaid"): void;
  live(customer: string): StripeSubscription;
}
export interface Line {
  price: string;
  quantity?: number;
}

export function createCycle(
  books: StripeBooks,
  { now, tell, url }: { now(): number; tell(type: string, object: unknown): void; url(): string },
): StripeCycle {
  const liveStatuses = ["active", "trialing", "past_due"];
  const priceOf = (id: string): StripePrice => {
    const price = books.prices.get(id);
    if (!price) throw new Error(`the fake has no price ${id}`);
    return price;
  };
  const itemOf = ({ price, quantity }: Line, start: number, end: number): StripeItem => ({
    id: newId("si"),
    object: "subscription_item",
    price: priceOf(price),
    ...(quantity !== undefined && { quantity }),
    current_period_start: start,
    current_period_end: end,
  });

  function bill(subscription: StripeSubscription, isPaid: boolean): StripeInvoice {
    const id = newId("in");
    const total = subscription.items.data.reduce(
      (sum, { price, quantity = 0 }) => sum + (price.unit_amount ?? 0) * quantity,
      0,
    );
    const [item] = subscription.items.data;
    const invoice: StripeInvoice = {
      id,
      object: "invoice",
      number: `FAKE-${String(books.invoices.size + 1).padStart(4, "0")}`,
      customer: subscription.customer,
      created: now(),
      currency: item?.price.currency ?? "usd",
      status: isPaid ? "paid" : "open",
      total,
      amount_due: total,
      amount_paid: isPaid ? total : 0,
      amount_remaining: isPaid ? 0 : total,
      attempt_count: 1,
      next_payment_attempt: isPaid ? null : now() + 3 * 86_400,
      hosted_invoice_url: `${url()}/i/${id}`,
      invoice_pdf: `${url()}/i/${id}/pdf`,
      period_start: item?.current_period_start ?? now(),
      period_end: item?.current_period_end ?? now(),
      status_transitions: { finalized_at: now(), paid_at: isPaid ? now() : null },
      parent: { type: "subscription_details", subscription_details: { subscription: subscription.id } },
    };
    books.invoices.set(id, invoice);
    subscription.latest_invoice = id;
    return invoice;
  }

  function live(customer: string): StripeSubscription {
    const found = [...books.subscriptions.values()].find(
      (each) => each.customer === customer && liveStatuses.includes(each.status),
    );
    if (!found) throw new Error(`the fake's customer ${customer} has no subscription`);
    return found;
  }

  function nextPeriod(subscription: StripeSubscription): void {
    const schedule: StripeSchedule | undefined = books.schedules.get(subscription.schedule ?? "");
    const [, next] = schedule?.phases ?? [];
    const start = subscription.items.data[0]?.current_period_end ?? now();
    const end = monthAfter(start);
    if (schedule && next) {
      subscription.items.data = next.items.map((line) => itemOf(line, start, end));
      schedule.phases.shift();
    } else if (schedule) {
      Object.assign(schedule, { status: "released", subscription: null });
      subscription.schedule = null;
    }
    for (const item of subscription.items.data) {
      Object.assign(item, { current_period_start: start, current_period_end: end });
    }
  }

  function end(subscription: StripeSubscription, status: "canceled" | "unpaid" = "canceled"): void {
    Object.assign(subscription, { status, canceled_at: now(), ended_at: status === "canceled" ? now() : null });
    tell(status === "canceled" ? "customer.subscription.deleted" : "customer.subscription.updated", subscription);
  }

  return {
    live,
    end,
    subscribe(customer, lines, metadata, anchorDay) {
      const id = newId("sub");
      const start = now();
      const until = anchorDay === null ? monthAfter(start) : firstOfNextMonth(start);
      const data = lines.map((line) => itemOf(line, start, until));
      const subscription: StripeSubscription = {
        id,
        object: "subscription",
        customer,
        created: start,
        currency: data[0]?.price.currency ?? "usd",
        status: "active",
        items: { object: "list", data, has_more: false, url: `/v1/subscription_items?subscription=${id}` },
        cancel_at: null,
        cancel_at_period_end: false,
        canceled_at: null,
        ended_at: null,
        latest_invoice: null,
        schedule: null,
        metadata,
      };
      books.subscriptions.set(id, subscription);
      tell("customer.subscription.created", subscription);
      tell("invoice.paid", bill(subscription, true));
      return subscription;
    },
    change(subscription, lines, charge) {
      const [old] = subscription.items.data;
      const [start, until] = [old?.current_period_start ?? now(), old?.current_period_end ?? now()];
      subscription.items.data = lines.map(
        (line) => subscription.items.data.find(({ price }) => price.id === line.price) ?? itemOf(line, start, until),
      );
      tell("customer.subscription.updated", subscription);
      if (charge) tell("invoice.paid", bill(subscription, true));
    },
    renew(customer) {
      const subscription = live(customer);
      if (subscription.cancel_at_period_end) return end(subscription);
      nextPeriod(subscription);
      tell("customer.subscription.updated", subscription);
      tell("invoice.paid", bill(subscription, true));
    },
    failPayment(customer) {
      const subscription = live(customer);
      nextPeriod(subscription);
      subscription.status = "past_due";
      tell("invoice.payment_failed", bill(subscription, false));
      tell("customer.subscription.updated", subscription);
    },
    payInvoice(customer) {
      const subscription = live(customer);
      const invoice = books.invoices.get(subscription.latest_invoice ?? "");
      if (!invoice) throw new Error("the fake's subscription has no invoice");
      Object.assign(invoice, {
        status: "paid",
        amount_paid: invoice.total,
        amount_remaining: 0,
        next_payment_attempt: null,
      });
      subscription.status = "active";
      tell("invoice.paid", invoice);
      tell("customer.subscription.updated", subscription);
    },
    giveUp(customer, status = "canceled") {
      end(live(customer), status);
    },
  };
}

function monthAfter(seconds: number): number {
  const date = new Date(seconds * 1_000);
  return Math.floor(date.setUTCMonth(date.getUTCMonth() + 1) / 1_000);
}

function firstOfNextMonth(seconds: number): number {
  const date = new Date(seconds * 1_000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / 1_000;
}
