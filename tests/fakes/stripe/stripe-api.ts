import type { HttpAnswer } from "../http-fake";
import { newId, type StripeBooks, type StripePrice, type StripeSubscription } from "./stripe-books";
import type { Line, StripeCycle } from "./stripe-cycle";
import { type Form, formOf, formsOf, numberOf, textOf, textsOf } from "./stripe-form";

/** A refusal as Stripe words it. */
export class StripeRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly code?: string,
    readonly type = "invalid_request_error",
  ) {
    super(message);
  }

  answer(): HttpAnswer {
    const { type, code, message } = this;
    return { status: this.status, body: { error: { type, ...(code !== undefined && { code }), message } } };
  }
}

export interface ApiDeps {
  books: StripeBooks;
  cycle: StripeCycle;
  /** Seconds. */
  now(): number;
  url(): string;
  tell(type: string, object: unknown): void;
  /** Whether a charge goes through that is made at once. */
  cardWorks(): boolean;
  /** Identifiers of meter events that are still known. */
  identifiers: Set<string>;
}

type Handler = (form: Form, id: string) => unknown;

/** The calls of Stripe's API that Tidings makes, https://docs.stripe.com/api. `:id` is one segment of a path. */
export function stripeApi(deps: ApiDeps): (method: string, path: string, form: Form) => unknown {
  const { books, cycle, now, url, tell, cardWorks, identifiers } = deps;

  const routes: Record<string, Handler> = {
    "POST /v1/customers": (form) => {
      const id = newId("cus");
      const names = { name: textOf(form, "name") ?? null, email: textOf(form, "email") ?? null };
      const customer = {
        id,
        object: "customer" as const,
        created: now(),
        ...names,
        metadata: textsOf(form, "metadata"),
      };
      books.customers.set(id, customer);
      tell("customer.created", customer);
      return customer;
    },
    "GET /v1/customers/:id": (_form, id) => found(books.customers, id, "customer"),

    "GET /v1/products/:id": (_form, id) => found(books.products, id, "product"),
    "POST /v1/products": (form) => {
      const id = textOf(form, "id") ?? newId("prod");
      if (books.products.has(id)) throw new StripeRefusal(400, "Product already exists.", "resource_already_exists");
      const product = {
        id,
        object: "product" as const,
        name: textOf(form, "name") ?? "",
        created: now(),
        active: true as const,
      };
      books.products.set(id, product);
      return product;
    },
    "GET /v1/prices": (form) => {
      const keys = Object.values(textsOf(form, "lookup_keys"));
      if (keys.length > 10) throw new StripeRefusal(400, "You may only specify up to 10 lookup_keys.");
      const isWanted = ({ lookup_key }: StripePrice) => keys.length === 0 || keys.includes(lookup_key ?? "");
      return listOf([...books.prices.values()].filter(isWanted), form, "/v1/prices");
    },
    "POST /v1/prices": (form) => createPrice(form),

    "GET /v1/billing/meters": (form) => listOf([...books.meters.values()], form, "/v1/billing/meters"),
    "POST /v1/billing/meters": (form) => {
      const event_name = textOf(form, "event_name") ?? "";
      if ([...books.meters.values()].some((meter) => meter.event_name === event_name)) {
        throw new StripeRefusal(400, `A meter with event_name ${event_name} exists already.`);
      }
      const meter = {
        id: newId("mtr"),
        object: "billing.meter" as const,
        display_name: textOf(form, "display_name") ?? "",
        event_name,
        status: "active" as const,
        created: now(),
      };
      books.meters.set(meter.id, meter);
      return meter;
    },
    "POST /v1/billing/meter_events": (form) => takeMeterEvent(form),
    "GET /v1/billing/meters/:id/event_summaries": (form, id) => {
      const meter = found(books.meters, id, "meter");
      const [start_time = 0, end_time = 0] = [numberOf(form, "start_time"), numberOf(form, "end_time")];
      if (start_time % 60 !== 0 || end_time % 60 !== 0)
        throw new StripeRefusal(400, "Must be aligned with minute boundaries.");
      const aggregated_value = books.meterEvents
        .filter((event) => event.event_name === meter.event_name)
        .filter((event) => event.payload.stripe_customer_id === textOf(form, "customer"))
        .filter(({ timestamp }) => timestamp >= start_time && timestamp < end_time)
        .reduce((sum, { payload }) => sum + Number(payload.value), 0);
      const summary = {
        id: newId("mtrusg"),
        object: "billing.meter_event_summary",
        aggregated_value,
        start_time,
        end_time,
        meter: id,
      };
      return listOf([summary], form, `/v1/billing/meters/${id}/event_summaries`);
    },

    "GET /v1/checkout/sessions": (form) => {
      const [customer, status] = [textOf(form, "customer"), textOf(form, "status")];
      const sessions = [...books.sessions.values()]
        .filter((session) => (!customer || session.customer === customer) && (!status || session.status === status))
        .map(({ lines: _lines, anchorDay: _anchorDay, ...session }) => session);
      return listOf(sessions.reverse(), form, "/v1/checkout/sessions");
    },
    "POST /v1/checkout/sessions": (form) => {
      const id = newId("cs");
      const data = formOf(form, "subscription_data");
      const session = {
        id,
        object: "checkout.session" as const,
        mode: "subscription" as const,
        customer: found(books.customers, textOf(form, "customer") ?? "", "customer").id,
        client_reference_id: textOf(form, "client_reference_id") ?? null,
        created: now(),
        status: "open" as const,
        url: `${url()}/c/pay/${id}`,
        success_url: textOf(form, "success_url") ?? "",
        cancel_url: textOf(form, "cancel_url") ?? "",
        subscription: null,
        metadata: textsOf(data, "metadata"),
      };
      const anchorDay = numberOf(formOf(data, "billing_cycle_anchor_config"), "day_of_month") ?? null;
      const lines = linesOf(form, "line_items");
      books.sessions.set(id, { ...session, lines, anchorDay });
      return session;
    },
    "POST /v1/checkout/sessions/:id/expire": (_form, id) => {
      const session = found(books.sessions, id, "checkout session");
      if (session.status !== "open")
        throw new StripeRefusal(400, "Only Checkout Sessions with a status of open can be expired.");
      return Object.assign(session, { status: "expired", url: null });
    },
    "POST /v1/billing_portal/sessions": (form) => {
      const { id: customer } = found(books.customers, textOf(form, "customer") ?? "", "customer");
      const id = newId("bps");
      const return_url = textOf(form, "return_url") ?? "";
      const back = encodeURIComponent(return_url);
      return {
        id,
        object: "billing_portal.session",
        customer,
        return_url,
        url: `${url()}/p/session/${id}?back=${back}`,
      };
    },

    "GET /v1/subscriptions": (form) => {
      const [customer, status] = [textOf(form, "customer"), textOf(form, "status")];
      const all = [...books.subscriptions.values()]
        .filter((each) => !customer || each.customer === customer)
        .filter((each) => status === "all" || each.status !== "canceled")
        .reverse();
      const expand = Object.values(textsOf(form, "expand"));
      return listOf(
        all.map((each) => expanded(each, expand)),
        form,
        "/v1/subscriptions",
      );
    },
    "GET /v1/subscriptions/:id": (_form, id) => found(books.subscriptions, id, "subscription"),
    "POST /v1/subscriptions/:id": (form, id) =>
      updateSubscription(form, found(books.subscriptions, id, "subscription")),
    "DELETE /v1/subscriptions/:id": (_form, id) => {
      const subscription = found(books.subscriptions, id, "subscription");
      cycle.end(subscription);
      return subscription;
    },
    "POST /v1/subscription_schedules": (form) => {
      const subscription = found(books.subscriptions, textOf(form, "from_subscription") ?? "", "subscription");
      if (subscription.schedule)
        throw new StripeRefusal(400, "You cannot migrate a subscription that is already attached to a schedule.");
      const [item] = subscription.items.data;
      const phase = {
        start_date: item?.current_period_start ?? now(),
        end_date: item?.current_period_end ?? now(),
        items: subscription.items.data.map(({ price, quantity }) => ({
          price: price.id,
          ...(quantity !== undefined && { quantity }),
        })),
      };
      const schedule = {
        id: newId("sub_sched"),
        object: "subscription_schedule" as const,
        status: "active" as const,
        subscription: subscription.id,
        metadata: {},
        phases: [phase],
      };
      books.schedules.set(schedule.id, schedule);
      subscription.schedule = schedule.id;
      return schedule;
    },
    "POST /v1/subscription_schedules/:id": (form, id) => {
      const schedule = found(books.schedules, id, "subscription schedule");
      const [current] = schedule.phases;
      const phases = formsOf(form, "phases").map((phase) => ({
        start_date: numberOf(phase, "start_date") ?? current?.end_date ?? now(),
        end_date: numberOf(phase, "end_date") ?? (current?.end_date ?? now()) + 30 * 86_400,
        items: linesOf(phase, "items"),
      }));
      if (phases[0]?.start_date !== current?.start_date) {
        throw new StripeRefusal(400, "You can not modify the start date of the current phase.");
      }
      Object.assign(schedule, { phases, metadata: { ...schedule.metadata, ...textsOf(form, "metadata") } });
      tell("customer.subscription.updated", books.subscriptions.get(schedule.subscription ?? ""));
      return schedule;
    },
    "POST /v1/subscription_schedules/:id/release": (_form, id) => {
      const schedule = found(books.schedules, id, "subscription schedule");
      const subscription = books.subscriptions.get(schedule.subscription ?? "");
      if (subscription) subscription.schedule = null;
      return Object.assign(schedule, { status: "released", subscription: null });
    },

    "GET /v1/invoices": (form) => {
      const customer = textOf(form, "customer");
      const own = [...books.invoices.values()].filter((invoice) => !customer || invoice.customer === customer);
      return listOf(own.reverse(), form, "/v1/invoices");
    },
  };
  const patterns = Object.entries(routes).map(([route, handle]) => {
    const [method = "", path = ""] = route.split(" ");
    return { method, handle, pattern: new RegExp(`^${path.replace(":id", "([^/]+)")}$`) };
  });

  function createPrice(form: Form): StripePrice {
    const lookup_key = textOf(form, "lookup_key") ?? null;
    if (lookup_key !== null && [...books.prices.values()].some((price) => price.lookup_key === lookup_key)) {
      throw new StripeRefusal(400, `A price already uses the lookup key ${lookup_key}.`);
    }
    const recurring = formOf(form, "recurring");
    const tiers = formsOf(form, "tiers").map((tier) => ({
      up_to: textOf(tier, "up_to") === "inf" ? null : (numberOf(tier, "up_to") ?? null),
      unit_amount: numberOf(tier, "unit_amount") ?? null,
      unit_amount_decimal: textOf(tier, "unit_amount_decimal") ?? textOf(tier, "unit_amount") ?? null,
    }));
    const price: StripePrice = {
      id: newId("price"),
      object: "price",
      active: true,
      created: now(),
      currency: textOf(form, "currency") ?? "usd",
      product: found(books.products, textOf(form, "product") ?? "", "product").id,
      nickname: textOf(form, "nickname") ?? null,
      lookup_key,
      metadata: textsOf(form, "metadata"),
      unit_amount: numberOf(form, "unit_amount") ?? null,
      unit_amount_decimal: textOf(form, "unit_amount") ?? null,
      billing_scheme: textOf(form, "billing_scheme") ?? "per_unit",
      ...(tiers.length > 0 && { tiers }),
      recurring: {
        interval: textOf(recurring, "interval") ?? "month",
        interval_count: 1,
        usage_type: textOf(recurring, "usage_type") ?? "licensed",
        meter: textOf(recurring, "meter") ?? null,
      },
    };
    books.prices.set(price.id, price);
    return price;
  }

  function takeMeterEvent(form: Form) {
    const event_name = textOf(form, "event_name") ?? "";
    const identifier = textOf(form, "identifier") ?? newId("evt");
    const timestamp = numberOf(form, "timestamp") ?? now();
    if (![...books.meters.values()].some((meter) => meter.event_name === event_name)) {
      throw new StripeRefusal(400, `No active meter found for event name ${event_name}.`, "no_meter");
    }
    if (timestamp < now() - 35 * 86_400)
      throw new StripeRefusal(400, "Timestamp too far in past.", "timestamp_too_far_in_past");
    if (timestamp > now() + 300) throw new StripeRefusal(400, "Timestamp in future.", "timestamp_in_future");
    if (identifiers.has(identifier))
      throw new StripeRefusal(400, `An event already exists with identifier ${identifier}.`);
    const payload = textsOf(form, "payload");
    if (!/^\d+$/.test(payload.value ?? "")) throw new StripeRefusal(400, "Invalid value.", "meter_event_invalid_value");
    identifiers.add(identifier);
    const event = {
      object: "billing.meter_event" as const,
      event_name,
      identifier,
      timestamp,
      created: now(),
      payload,
    };
    books.meterEvents.push(event);
    return event;
  }

  function updateSubscription(form: Form, subscription: StripeSubscription) {
    const charges = textOf(form, "proration_behavior") === "always_invoice";
    if (charges && !cardWorks()) throw new StripeRefusal(402, "Your card was declined.", "card_declined", "card_error");
    const ends = textOf(form, "cancel_at_period_end");
    if (ends !== undefined) {
      const [item] = subscription.items.data;
      subscription.cancel_at_period_end = ends === "true";
      subscription.cancel_at = ends === "true" ? (item?.current_period_end ?? null) : null;
      subscription.canceled_at = ends === "true" ? now() : null;
    }
    const changes = formsOf(form, "items");
    if (changes.length === 0) tell("customer.subscription.updated", subscription);
    else cycle.change(subscription, changedLines(subscription, changes), charges);
    return subscription;
  }

  return (method, path, form) => {
    for (const route of patterns) {
      const match = route.method === method ? route.pattern.exec(path) : null;
      if (match) return route.handle(form, match[1] ?? "");
    }
    throw new StripeRefusal(404, `Unrecognized request URL (${method}: ${path}).`);
  };

  function expanded(subscription: StripeSubscription, expand: readonly string[]) {
    const { latest_invoice, schedule } = subscription;
    const shows = (field: string) => expand.includes(`data.${field}`);
    return {
      ...subscription,
      latest_invoice: shows("latest_invoice") ? (books.invoices.get(latest_invoice ?? "") ?? null) : latest_invoice,
      schedule: shows("schedule") ? (books.schedules.get(schedule ?? "") ?? null) : schedule,
    };
  }
}

function changedLines({ items }: StripeSubscription, changes: readonly Form[]): Line[] {
  const byId = new Map(
    changes.flatMap((change) => (textOf(change, "id") ? [[textOf(change, "id"), change] as const] : [])),
  );
  const stay = items.data.flatMap(({ id, price, quantity }): Line[] => {
    const change = byId.get(id);
    if (change && textOf(change, "deleted") === "true") return [];
    const line = { price: (change && textOf(change, "price")) ?? price.id };
    return [{ ...line, ...(quantity !== undefined && { quantity }) }];
  });
  const come = changes.filter((change) => !textOf(change, "id")).map(lineOf);
  return [...stay, ...come];
}

function linesOf(form: Form, name: string): Line[] {
  return formsOf(form, name).map(lineOf);
}

function lineOf(form: Form): Line {
  const quantity = numberOf(form, "quantity");
  return { price: textOf(form, "price") ?? "", ...(quantity !== undefined && { quantity }) };
}

function found<Thing>(things: ReadonlyMap<string, Thing>, id: string, kind: string): Thing {
  const thing = things.get(id);
  if (!thing) throw new StripeRefusal(404, `No such ${kind}: '${id}'`, "resource_missing");
  return thing;
}

/** A page of a list, https://docs.stripe.com/api/pagination. */
function listOf<Item extends { id: string }>(items: Item[], form: Form, url: string) {
  const after = textOf(form, "starting_after");
  const begin = after === undefined ? 0 : items.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && begin === 0)
    throw new StripeRefusal(404, `No such object: '${after}'`, "resource_missing");
  const limit = numberOf(form, "limit") ?? 10;
  return { object: "list", url, data: items.slice(begin, begin + limit), has_more: items.length > begin + limit };
}
