import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { newUuid } from "@tidings/shared/ids";
import { plans } from "@tidings/shared/plans";
import type { HttpFake } from "@tidings/tests/fakes/http-fake";
import {
  createStripeFake,
  type StripeProtocol,
  stripeCall,
  stripeKey,
  stripeWebhookSecret,
} from "@tidings/tests/fakes/stripe-fake";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TeamMessage } from "../tenants/notify-team";
import { applyStripeEvents, keepBilling } from "./apply-stripe-events";
import type { PublicBilling, StripeBilling } from "./billing-schemas";
import { cancelSubscription, endSubscription, keepSubscription } from "./cancel-subscription";
import { changePlan } from "./change-plan";
import { connectStripe, type StripeClient } from "./connect-stripe";
import { type Billing, createBilling, requireBilling } from "./create-billing";
import { customerOf } from "./customer-of";
import { describeBilling } from "./describe-billing";
import { getMeteredUse } from "./get-metered-use";
import { listInvoices } from "./list-invoices";
import { listOffers } from "./list-offers";
import { openPortal } from "./open-portal";
import { previewPlanChange } from "./preview-plan-change";
import { createPriceBook } from "./price-book";
import { reportUsage } from "./report-usage";
import { setUpPrices } from "./set-up-prices";
import { startCheckout } from "./start-checkout";
import { createStripeDoor, type StripeDoor } from "./stripe-door";
import { syncSubscription } from "./sync-subscription";

const logger = createLogger({ name: "test", level: "silent" });
const start = Date.parse("2026-11-10T09:00:00Z");
let clockMs = start;
let database: Database;
let fake: StripeProtocol & HttpFake;
let stripe: StripeClient;
let billing: Billing;
let door: StripeDoor;
let told: (TeamMessage & { tenantId: string })[];
let tenantId: string;
let slug: string;

beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 6, applicationName: "test" });
  fake = await createStripeFake({ now: () => clockMs });
  const client = connectStripe({ STRIPE_SECRET_KEY: stripeKey, STRIPE_API_URL: fake.url });
  if (!client) throw new Error("no client");
  stripe = client;
  await setUpPrices(stripe);
});
afterAll(async () => {
  await fake?.close();
  await database?.$disconnect();
});

beforeEach(async () => {
  clockMs = start;
  told = [];
  fake.setCard(true);
  fake.script.clear();
  const notifyTeam: Billing["notifyTeam"] = async (id, message) => {
    const isKnown = told.some(({ key }) => key === message.key);
    if (!isKnown) told.push({ tenantId: id, ...message });
    return true;
  };
  const made = createBilling({
    stripe,
    database,
    consoleUrl: "https://console.test",
    notifyTeam,
    logger,
    now: () => clockMs,
  });
  const opened = createStripeDoor({ database, secret: stripeWebhookSecret, logger });
  if (!made || !opened) throw new Error("no billing");
  billing = made;
  door = opened;
  ({ id: tenantId, slug } = await createTestTenant(database, { plan: "free", contactEmail: "team@acme.test" }));
});

const planOfTenant = async (id = tenantId) => (await database.tenant.findUniqueOrThrow({ where: { id } })).plan;
const describeIt = (id = tenantId) => describeBilling(database, billing, id) as Promise<StripeBilling>;
const customer = (id = tenantId) => customerOf(billing, id);

/** Takes an event as Stripe posts it. */
function take(event: StripeProtocol["events"][number], atMs = Date.now(), secret = stripeWebhookSecret) {
  const call = stripeCall(event, secret, { atMs });
  return door.take(call.body, call.headers["stripe-signature"] ?? "");
}
/** Takes and applies all that Stripe has to tell of since `from`. */
async function hear(from: number): Promise<void> {
  for (const event of fake.events.slice(from)) await take(event);
  await applyStripeEvents(billing);
}
/** Something happens at Stripe, and is told. */
async function happens(what: (customerId: string) => void): Promise<void> {
  const from = fake.events.length;
  what(await customer());
  await hear(from);
}
async function subscribe(plan: "starter" | "growth", id = tenantId): Promise<void> {
  const from = fake.events.length;
  const { url } = await startCheckout(billing, id, { plan });
  fake.pay(url);
  await hear(from);
}
async function send(
  units: number,
  { day = "2026-11-10", channel = "email", mode = "live", id = tenantId, category = "" } = {},
) {
  const where = { tenantId: id, day: new Date(day), mode, channel, provider: "smtp", category };
  await database.usage.upsert({
    where: { tenantId_day_mode_channel_provider_category: where },
    create: { ...where, accepted: units, sent: units, units },
    update: { units: { increment: units } },
  });
}
const reported = async (channel = "email") => fake.unitsOf(await customer(), `tidings_${channel}_units`);
/** Moves time, Tidings' and Stripe's. */
function wait(ms: number): void {
  clockMs += ms;
}
const minute = 60_000;
const day = 24 * 60 * minute;

describe("setting up prices", () => {
  it("makes meters, products and prices once, and leaves what is there", async () => {
    const before = { ...fake.books, prices: fake.books.prices.size };
    const again = await setUpPrices(stripe);
    expect(again.every(({ isNew }) => !isNew)).toBe(true);
    expect(
      again
        .filter(({ kind }) => kind === "price")
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      "tidings_growth",
      "tidings_growth_email",
      "tidings_growth_push",
      "tidings_growth_sms",
      "tidings_growth_whatsapp",
      "tidings_starter",
    ]);
    expect(fake.books.prices.size).toBe(before.prices);
  });

  it("is what offers are read from, at Stripe's prices", async () => {
    const [starter, growth] = await listOffers(billing);
    expect(starter).toEqual({ plan: "starter", name: "Starter", currency: "usd", monthlyAmount: 2_900, metered: [] });
    expect(growth?.metered).toContainEqual({ channel: "email", included: 500_000, unitAmount: "0.06" });
  });

  it("has a checkout say what is missing, and looks again once it is there", async () => {
    const empty = await createStripeFake();
    const client = connectStripe({ STRIPE_SECRET_KEY: stripeKey, STRIPE_API_URL: empty.url });
    if (!client) throw new Error("no client");
    const bare = { ...billing, stripe: client, prices: createPriceBook(client) };
    await expect(startCheckout(bare, tenantId, { plan: "starter" })).rejects.toMatchObject({ code: "conflict" });
    await setUpPrices(client);
    expect((await bare.prices.of("starter")).base.unit_amount).toBe(2_900);
    await empty.close();
  });
});

describe("a checkout", () => {
  it("leads to Stripe and back, and the plan is in force once Stripe says so", async () => {
    const from = fake.events.length;
    const { url } = await startCheckout(billing, tenantId, { plan: "growth" });
    expect(await (await fetch(url)).text()).toContain("Subscribe");
    expect(await describeIt()).toMatchObject({ status: "none", plan: "free", isCustomer: true });
    const back = await fetch(url, { method: "POST", redirect: "manual" });
    expect(back.headers.get("location")).toBe(`https://console.test/${slug}/billing?checkout=done`);
    await hear(from);
    expect(await describeIt()).toEqual({
      kind: "stripe",
      plan: "growth",
      status: "active",
      subscribedPlan: "growth",
      period: { startsAt: "2026-11-10T09:00:00.000Z", endsAt: "2026-12-01T00:00:00.000Z" },
      endsAt: null,
      nextPlan: null,
      dunning: null,
      isCustomer: true,
    });
  });

  it("is one at a time: another closes those before it, and the same wish is one", async () => {
    const first = await startCheckout(billing, tenantId, { plan: "starter" });
    const requestId = newUuid();
    const second = await startCheckout(billing, tenantId, { plan: "growth", requestId });
    expect(await startCheckout(billing, tenantId, { plan: "growth", requestId })).toEqual(second);
    expect((await fetch(first.url)).status).toBe(404);
    fake.pay(second.url);
    await expect(startCheckout(billing, tenantId, { plan: "growth" })).rejects.toMatchObject({ code: "conflict" });
  });

  it("makes one customer however many start at once", async () => {
    const ids = await Promise.all([1, 2, 3, 4].map(() => customer()));
    expect(new Set(ids).size).toBe(1);
    const metadata = [...fake.books.customers.values()].map((each) => each.metadata.tenant);
    expect(metadata.filter((each) => each === slug)).toHaveLength(1);
  });

  it("says so when Stripe is away", async () => {
    fake.script.next(Number.POSITIVE_INFINITY, {
      status: 503,
      headers: { "stripe-should-retry": "false" },
      body: { error: { type: "api_error" } },
    });
    await expect(startCheckout(billing, tenantId, { plan: "growth" })).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("Stripe's events", () => {
  it("are refused when they are forged, changed, or too old, and leave nothing", async () => {
    fake.cycle.subscribe(
      await customer(),
      [{ price: (await billing.prices.of("growth")).base.id, quantity: 1 }],
      {},
      1,
    );
    const event = fake.events.at(-1);
    if (!event) throw new Error("no event");
    const forged = { code: "event_forged" };
    await expect(take(event, Date.now(), "whsec_other")).rejects.toMatchObject(forged);
    await expect(take(event, Date.now() - 6 * minute)).rejects.toMatchObject(forged);
    const call = stripeCall(event, stripeWebhookSecret);
    await expect(
      door.take(Buffer.concat([call.body, Buffer.from(" ")]), call.headers["stripe-signature"] ?? ""),
    ).rejects.toMatchObject(forged);
    await expect(door.take(call.body, "")).rejects.toMatchObject(forged);
    expect(await database.stripeEvent.count({ where: { id: event.id } })).toBe(0);
    expect(await planOfTenant()).toBe("free");
  });

  it("leave a tenant as Stripe has it, however often and in whatever order they come", async () => {
    const moves = {
      fail: (id: string) => fake.cycle.failPayment(id),
      pay: (id: string) => fake.cycle.payInvoice(id),
      renew: (id: string) => fake.cycle.renew(id),
      end: (id: string) => fake.cycle.giveUp(id),
      again: (id: string) => {
        if (![...fake.books.subscriptions.values()].some((each) => each.customer === id && each.status === "active")) {
          const price = [...fake.books.prices.values()].find(({ lookup_key }) => lookup_key === "tidings_starter");
          fake.cycle.subscribe(id, [{ price: price?.id ?? "", quantity: 1 }], {}, 1);
        }
      },
    };
    const history = fc.array(fc.constantFrom(...(Object.keys(moves) as (keyof typeof moves)[])), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(history, fc.infiniteStream(fc.nat()), async (names, order) => {
        ({ id: tenantId, slug } = await createTestTenant(database, { plan: "free" }));
        const id = await customer();
        const from = fake.events.length;
        moves.again(id);
        for (const name of names) {
          clockMs += 1_000;
          const isLive = () =>
            [...fake.books.subscriptions.values()].some(
              (each) => each.customer === id && ["active", "past_due"].includes(each.status),
            );
          if (name === "again" || isLive()) moves[name](id);
        }
        const sent = fake.events.slice(from);
        const shuffled = [...sent, ...sent]
          .map((event) => ({ event, at: order.next().value ?? 0 }))
          .sort((one, other) => one.at - other.at);
        for (const [index, { event }] of shuffled.entries()) {
          await take(event);
          if (index % 2 === 0) await Promise.all([applyStripeEvents(billing), applyStripeEvents(billing)]);
        }
        await applyStripeEvents(billing);
        const live = [...fake.books.subscriptions.values()].filter((each) => each.customer === id).at(-1);
        const holds = live !== undefined && ["active", "past_due"].includes(live.status);
        expect(await planOfTenant()).toBe(holds ? "starter" : "free");
        expect((await describeIt()).status).toBe(live?.status);
        expect(await database.stripeEvent.count({ where: { customerId: id } })).toBe(sent.length);
        expect(await database.stripeEvent.count({ where: { customerId: id, appliedAt: null } })).toBe(0);
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  it("never have an older reading of Stripe undo a newer one", async () => {
    await subscribe("growth");
    const id = await customer();
    fake.cycle.failPayment(id);
    const overtaken: Billing = {
      ...billing,
      // Asked between the reading and the writing: meanwhile it is paid, and another process has seen that.
      notifyTeam: async () => {
        fake.cycle.payInvoice(id);
        await syncSubscription(billing, tenantId);
        return true;
      },
    };
    await syncSubscription(overtaken, tenantId);
    expect(await describeIt()).toMatchObject({ status: "active", dunning: null });
  });

  it("wait while Stripe is away, and are applied when it is back", async () => {
    const from = fake.events.length;
    fake.pay((await startCheckout(billing, tenantId, { plan: "starter" })).url);
    fake.script.next(Number.POSITIVE_INFINITY, {
      status: 500,
      headers: { "stripe-should-retry": "false" },
      body: { error: { type: "api_error" } },
    });
    await hear(from);
    expect(await planOfTenant()).toBe("free");
    fake.script.clear();
    expect(await applyStripeEvents(billing)).toBe(0); // not at once again
    await database.stripeEvent.updateMany({ where: { dueAt: { not: null } }, data: { dueAt: new Date() } });
    await applyStripeEvents(billing);
    expect(await planOfTenant()).toBe("starter");
  });

  it("leave an entry in the audit log for each plan they change, and for nothing else", async () => {
    await subscribe("starter");
    await syncSubscription(billing, tenantId);
    await changePlan(billing, tenantId, { plan: "growth" });
    await happens((id) => fake.cycle.failPayment(id));
    await database.tenant.update({ where: { id: tenantId }, data: { plan: "enterprise" } });
    await happens((id) => fake.cycle.giveUp(id));
    const entries = await database.auditEntry.findMany({ where: { tenantId }, orderBy: { id: "asc" } });
    expect(entries).toMatchObject([
      { actor: "Stripe", action: "plan.changed", before: { plan: "free" }, after: { plan: "starter" } },
      { actor: "Stripe", action: "plan.changed", before: { plan: "starter" }, after: { plan: "growth" } },
    ]);
    expect(entries).toHaveLength(2);
  });

  it("of another tenant's customer, or of nobody's, change nothing here", async () => {
    const other = await createTestTenant(database, { plan: "free" });
    await subscribe("growth", other.id);
    fake.cycle.subscribe(
      "cus_stranger",
      [{ price: (await billing.prices.of("growth")).base.id, quantity: 1 }],
      { tenant: slug },
      1,
    );
    await hear(fake.events.length - 2);
    expect(await planOfTenant()).toBe("free");
    expect(await planOfTenant(other.id)).toBe("growth");
    expect((await describeIt()).isCustomer).toBe(false);
    expect(await database.stripeEvent.count({ where: { appliedAt: null } })).toBe(0);
  });

  it("are forgotten a month after they were applied", async () => {
    await subscribe("starter");
    const own = { customerId: await customer() };
    await database.stripeEvent.updateMany({ where: own, data: { receivedAt: new Date(Date.now() - 31 * day) } });
    await keepBilling(billing);
    expect(await database.stripeEvent.count({ where: own })).toBe(0);
  });
});

describe("a payment that fails", () => {
  it("keeps the plan, shows what is due and tells the team once; when it is paid nothing is due", async () => {
    await subscribe("growth");
    wait(21 * day);
    await happens((id) => fake.cycle.failPayment(id));
    await applyStripeEvents(billing);
    const state = await describeIt();
    expect(state).toMatchObject({ plan: "growth", status: "past_due" });
    expect(state.dunning).toEqual({
      since: "2026-12-01T09:00:00.000Z",
      nextRetryAt: "2026-12-04T09:00:00.000Z",
      invoiceUrl: expect.stringMatching(/^http.*\/i\/in_/),
    });
    expect(told).toMatchObject([{ tenantId, subject: "A payment did not go through" }]);
    expect(told[0]?.text).toContain("2026-12-04");
    expect(told[0]?.text).toContain(`https://console.test/${slug}/billing`);
    await expect(changePlan(billing, tenantId, { plan: "starter" })).rejects.toMatchObject({ code: "conflict" });

    await happens((id) => fake.cycle.payInvoice(id));
    expect(await describeIt()).toMatchObject({ plan: "growth", status: "active", dunning: null });
    expect(told).toHaveLength(1);
  });

  it.each(["canceled", "unpaid"] as const)("for good ends the plan, when Stripe makes it %s", async (status) => {
    await subscribe("growth");
    await happens((id) => fake.cycle.failPayment(id));
    await happens((id) => fake.cycle.giveUp(id, status));
    expect(await describeIt()).toMatchObject({ plan: "free", status: "canceled", subscribedPlan: null, dunning: null });
    expect(told.map(({ subject }) => subject)).toEqual(["A payment did not go through", "The subscription has ended"]);
  });

  it("takes nothing from a tenant whom the operator has put on another plan", async () => {
    await subscribe("starter");
    await database.tenant.update({ where: { id: tenantId }, data: { plan: "enterprise" } });
    await happens((id) => fake.cycle.giveUp(id));
    expect(await planOfTenant()).toBe("enterprise");
  });
});

describe("changing a plan", () => {
  it("upgrades at once, with what the larger plan meters", async () => {
    await subscribe("starter");
    expect(await previewPlanChange(billing, tenantId, "growth")).toMatchObject({ takesEffect: "now", obstacles: [] });
    expect(await changePlan(billing, tenantId, { plan: "growth" })).toMatchObject({ plan: "growth", status: "active" });
    const live = fake.cycle.live(await customer());
    expect(live.items.data.map(({ price }) => price.lookup_key).sort()).toEqual(
      ["", "_email", "_push", "_sms", "_whatsapp"].map((suffix) => `tidings_growth${suffix}`),
    );
    await expect(changePlan(billing, tenantId, { plan: "growth" })).rejects.toMatchObject({ code: "conflict" });
  });

  it("changes nothing when the card is declined", async () => {
    await subscribe("starter");
    fake.setCard(false);
    await expect(changePlan(billing, tenantId, { plan: "growth" })).rejects.toMatchObject({
      code: "conflict",
      message: "The payment did not go through: Your card was declined.",
    });
    expect(await planOfTenant()).toBe("starter");
  });

  it("downgrades at the end of the period, unless that is taken back", async () => {
    await subscribe("growth");
    const at = "2026-12-01T00:00:00.000Z";
    expect(await previewPlanChange(billing, tenantId, "starter")).toMatchObject({ takesEffect: "at_period_end", at });
    expect(await changePlan(billing, tenantId, { plan: "starter" })).toMatchObject({
      plan: "growth",
      nextPlan: "starter",
    });
    expect(await keepSubscription(billing, tenantId)).toMatchObject({ plan: "growth", nextPlan: null });
    await happens((id) => fake.cycle.renew(id));
    expect(await planOfTenant()).toBe("growth");

    await changePlan(billing, tenantId, { plan: "starter" });
    await happens((id) => fake.cycle.renew(id));
    expect(await describeIt()).toMatchObject({ plan: "starter", nextPlan: null, status: "active" });
    const live = fake.cycle.live(await customer());
    expect(live.items.data.map(({ price }) => price.lookup_key)).toEqual(["tidings_starter"]);
  });

  it("says what is in the way: a team too large forbids it, what was sent this month does not", async () => {
    await subscribe("growth");
    for (let seat = 0; seat <= plans.starter.seats; seat++) {
      const user = await database.user.create({
        data: { id: newUuid(), name: "Ann", email: `${newUuid()}@acme.test` },
      });
      await database.member.create({ data: { id: newUuid(), tenantId, userId: user.id, role: "viewer" } });
    }
    await send(60_000);
    const { obstacles } = await previewPlanChange(billing, tenantId, "starter");
    expect(obstacles).toEqual([
      { kind: "seats", blocks: true, used: 6, allowed: 5 },
      { kind: "units", blocks: false, channel: "email", used: 60_000, allowed: 50_000 },
      { kind: "retention", blocks: false, days: 30, daysNow: 90 },
    ]);
    await expect(changePlan(billing, tenantId, { plan: "starter" })).rejects.toMatchObject({ code: "conflict" });
    expect(await previewPlanChange(billing, tenantId, "growth")).toMatchObject({ takesEffect: "never" });
  });

  it("cancels at the end of the period, however large the team; an upgrade takes that back", async () => {
    await subscribe("starter");
    const endsAt = "2026-12-01T00:00:00.000Z";
    expect(await cancelSubscription(billing, tenantId)).toMatchObject({ plan: "starter", status: "active", endsAt });
    expect(await changePlan(billing, tenantId, { plan: "growth" })).toMatchObject({ plan: "growth", endsAt: null });
    await cancelSubscription(billing, tenantId);
    await happens((id) => fake.cycle.renew(id));
    expect(await describeIt()).toMatchObject({ plan: "free", status: "canceled", endsAt: null, period: null });
    await expect(cancelSubscription(billing, tenantId)).rejects.toMatchObject({ code: "conflict" });
    await subscribe("starter");
    expect(await planOfTenant()).toBe("starter");
  });

  it("ends at once for a tenant that is to be deleted", async () => {
    await subscribe("growth");
    await endSubscription(billing, tenantId);
    await endSubscription(billing, tenantId);
    expect(await describeIt()).toMatchObject({ plan: "free", status: "canceled" });
  });
});

describe("invoices and the portal", () => {
  it("are the tenant's own, the newest first, in pages", async () => {
    await subscribe("starter");
    for (let month = 0; month < 2; month++) await happens((id) => fake.cycle.renew(id));
    const first = await listInvoices(billing, tenantId, { limit: 2 });
    expect(first).toMatchObject({ hasMore: true, rows: [{ status: "paid", total: 2_900, currency: "usd" }, {}] });
    const rest = await listInvoices(billing, tenantId, { limit: 2, after: first.rows.at(-1)?.id });
    expect(rest).toMatchObject({ hasMore: false, rows: [{ period: { endsAt: "2026-12-01T00:00:00.000Z" } }] });
    expect((await openPortal(billing, tenantId)).url).toMatch(/\/p\/session\//);

    const other = await createTestTenant(database);
    expect(await listInvoices(billing, other.id, { limit: 2 })).toEqual({ rows: [], hasMore: false });
    await customer(other.id);
    const after = first.rows[0]?.id;
    await expect(listInvoices(billing, other.id, { limit: 2, after })).rejects.toMatchObject({
      code: "invalid_cursor",
    });
  });
});

describe("metered usage", () => {
  it("reports each unit once, of live mode, by channel, from the subscription on", async () => {
    await send(700); // before
    await subscribe("growth");
    await send(5, { mode: "test" });
    await send(9, { channel: "in_app" });
    await reportUsage(billing);
    expect(await reported()).toBe(0);
    await send(30);
    await send(12, { category: "orders" });
    await send(3, { channel: "sms" });
    expect(await reportUsage(billing)).toBe(45n);
    expect(await reportUsage(billing)).toBe(0n);
    await send(8);
    await Promise.all([reportUsage(billing), reportUsage(billing)]);
    await reportUsage(billing);
    expect([await reported(), await reported("sms"), await reported("in_app")]).toEqual([50, 3, 0]);
  });

  it("shows what was sent in the period and what it costs, told to Stripe or not", async () => {
    expect(await getMeteredUse(billing, tenantId)).toBeNull();
    await subscribe("starter");
    expect(await getMeteredUse(billing, tenantId)).toBeNull();
    await changePlan(billing, tenantId, { plan: "growth" });
    await send(20_100, { channel: "sms" });
    await reportUsage(billing);
    await send(150, { channel: "sms" });
    await send(40);
    const use = await getMeteredUse(billing, tenantId);
    expect(use).toMatchObject({ currency: "usd", since: "2026-11-10T09:00:00.000Z" });
    expect(use?.channels).toEqual([
      { channel: "email", units: 40, included: 500_000, unitAmount: "0.06", amount: 0 },
      { channel: "push", units: 0, included: 5_000_000, unitAmount: "0.005", amount: 0 },
      { channel: "sms", units: 20_250, included: 20_000, unitAmount: "1.2", amount: 300 },
      { channel: "whatsapp", units: 0, included: 20_000, unitAmount: "1.2", amount: 0 },
    ]);
    await reportUsage(billing);
    wait(21 * day);
    await happens((id) => fake.cycle.renew(id));
    expect((await getMeteredUse(billing, tenantId))?.channels.map(({ units }) => units)).toEqual([0, 0, 0, 0]);
  });

  it("neither loses nor doubles a unit when the answer to a report is lost, soon after or days later", async () => {
    for (const { later, forgets } of [
      { later: 5 * minute, forgets: false },
      { later: 3 * day, forgets: true },
    ]) {
      ({ id: tenantId, slug } = await createTestTenant(database, { plan: "free" }));
      clockMs = start;
      await subscribe("growth");
      await send(10);
      fake.loseAnswers("/v1/billing/meter_events", 1);
      await expect(reportUsage(billing)).rejects.toThrow(); // as after a crash: sent, and not known to be
      await send(7);
      wait(later);
      if (forgets) fake.forgetIdentifiers();
      await reportUsage(billing);
      await reportUsage(billing);
      expect(await reported()).toBe(17);
    }
  });

  it("catches up after days without Stripe, each day in its own period", async () => {
    await subscribe("growth");
    const days = ["2026-11-10", "2026-11-11", "2026-11-12", "2026-11-13"];
    fake.script.next(Number.POSITIVE_INFINITY, {
      status: 500,
      headers: { "stripe-should-retry": "false" },
      body: { error: { type: "api_error" } },
    });
    for (const each of days) {
      for (let round = 0; round < 3; round++) {
        await send(10, { day: each });
        await expect(reportUsage(billing)).rejects.toThrow();
        wait(8 * 60 * minute);
      }
    }
    fake.script.clear();
    fake.forgetIdentifiers();
    for (let round = 0; round < 3; round++) await reportUsage(billing);
    expect(await reported()).toBe(120);
    const id = await customer();
    const stamps = fake.books.meterEvents
      .filter(({ payload }) => payload.stripe_customer_id === id)
      .map(({ timestamp }) => new Date(timestamp * 1_000).toISOString().slice(0, 10));
    expect(new Set(stamps)).toEqual(new Set(days));
  });

  it("charges what comes after a period's invoice was closed with the next period", async () => {
    await subscribe("growth");
    await send(10, { day: "2026-11-30" });
    clockMs = Date.parse("2026-12-01T00:10:00Z");
    await happens((id) => fake.cycle.renew(id));
    await reportUsage(billing); // the invoice of November is still open
    await send(4, { day: "2026-11-30" });
    clockMs = Date.parse("2026-12-01T06:00:00Z");
    await reportUsage(billing);
    const id = await customer();
    const own = fake.books.meterEvents.filter(({ payload }) => payload.stripe_customer_id === id);
    expect(own.map(({ timestamp, payload }) => [new Date(timestamp * 1_000).toISOString(), payload.value])).toEqual([
      ["2026-11-30T23:59:59.000Z", "10"],
      ["2026-12-01T06:00:00.000Z", "4"],
    ]);
  });

  it("ends with the subscription, and what was sent until then is still told", async () => {
    await subscribe("growth");
    await send(10);
    await happens((id) => fake.cycle.giveUp(id));
    await send(90);
    await reportUsage(billing);
    expect(await reported()).toBe(10);
    await subscribe("growth");
    await send(1);
    await reportUsage(billing);
    expect(await reported()).toBe(11);
  });
});

describe("without Stripe", () => {
  it("a tenant is self-hosted, on the plan the operator says, and there is nothing to buy", async () => {
    expect(connectStripe({})).toBeNull();
    const none = createBilling({ stripe: null, database, consoleUrl: "", notifyTeam: async () => false, logger });
    expect(none).toBeNull();
    const { id } = await createTestTenant(database);
    const state: PublicBilling = await describeBilling(database, none, id);
    expect(state).toEqual({ kind: "self_hosted", plan: "unlimited" });
    expect(() => requireBilling(none)).toThrow(expect.objectContaining({ code: "conflict" }));
    expect(createStripeDoor({ database, secret: null, logger })).toBeNull();
  });
});
