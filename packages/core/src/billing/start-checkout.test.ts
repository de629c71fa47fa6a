import { createTestTenant } from "@tidings/db/factories";
import { newUuid } from "@tidings/shared/ids";
import { createStripeFake, stripeKey } from "@tidings/tests/fakes/stripe-fake";
import { describe, expect, it } from "vitest";
import type { PublicBilling } from "./billing-schemas";
import { connectStripe } from "./connect-stripe";
import { createBilling, requireBilling } from "./create-billing";
import { describeBilling } from "./describe-billing";
import { listInvoices } from "./list-invoices";
import { listOffers } from "./list-offers";
import { openPortal } from "./open-portal";
import { createPriceBook } from "./price-book";
import { setUpPrices } from "./set-up-prices";
import { startCheckout } from "./start-checkout";
import { createStripeDoor } from "./stripe-door";
import { useTestBilling } from "./testing/test-billing";

const { at, describeIt, customer, hear, happens, subscribe, logger } = useTestBilling();

describe("setting up prices", () => {
  it("makes meters, products and prices once, and leaves what is there", async () => {
    const before = { ...at.fake.books, prices: at.fake.books.prices.size };
    const again = await setUpPrices(at.stripe);
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
    expect(at.fake.books.prices.size).toBe(before.prices);
  });

  it("is what offers are read from, at Stripe's prices", async () => {
    const [starter, growth] = await listOffers(at.billing);
    expect(starter).toEqual({ plan: "starter", name: "Starter", currency: "usd", monthlyAmount: 2_900, metered: [] });
    expect(growth?.metered).toContainEqual({ channel: "email", included: 500_000, unitAmount: "0.06" });
  });

  it("has a checkout say what is missing, and looks again once it is there", async () => {
    const empty = await createStripeFake();
    const client = connectStripe({ STRIPE_SECRET_KEY: stripeKey, STRIPE_API_URL: empty.url });
    if (!client) throw new Error("no client");
    const bare = { ...at.billing, stripe: client, prices: createPriceBook(client) };
    await expect(startCheckout(bare, at.tenantId, { plan: "starter" })).rejects.toMatchObject({ code: "conflict" });
    await setUpPrices(client);
    expect((await bare.prices.of("starter")).base.unit_amount).toBe(2_900);
    await empty.close();
  });
});

describe("a checkout", () => {
  it("leads to Stripe and back, and the plan is in force once Stripe says so", async () => {
    const from = at.fake.events.length;
    const { url } = await startCheckout(at.billing, at.tenantId, { plan: "growth" });
    expect(await (await fetch(url)).text()).toContain("Subscribe");
    expect(await describeIt()).toMatchObject({ status: "none", plan: "free", isCustomer: true });
    const back = await fetch(url, { method: "POST", redirect: "manual" });
    expect(back.headers.get("location")).toBe(`https://console.test/${at.slug}/billing?checkout=done`);
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
    const first = await startCheckout(at.billing, at.tenantId, { plan: "starter" });
    const requestId = newUuid();
    const second = await startCheckout(at.billing, at.tenantId, { plan: "growth", requestId });
    expect(await startCheckout(at.billing, at.tenantId, { plan: "growth", requestId })).toEqual(second);
    expect((await fetch(first.url)).status).toBe(404);
    at.fake.pay(second.url);
    await expect(startCheckout(at.billing, at.tenantId, { plan: "growth" })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  it("makes one customer however many start at once", async () => {
    const ids = await Promise.all([1, 2, 3, 4].map(() => customer()));
    expect(new Set(ids).size).toBe(1);
    const metadata = [...at.fake.books.customers.values()].map((each) => each.metadata.tenant);
    expect(metadata.filter((each) => each === at.slug)).toHaveLength(1);
  });

  it("says so when Stripe is away", async () => {
    at.fake.script.next(Number.POSITIVE_INFINITY, {
      status: 503,
      headers: { "stripe-should-retry": "false" },
      body: { error: { type: "api_error" } },
    });
    await expect(startCheckout(at.billing, at.tenantId, { plan: "growth" })).rejects.toMatchObject({
      code: "unavailable",
    });
  });
});

describe("invoices and the portal", () => {
  it("are the tenant's own, the newest first, in pages", async () => {
    await subscribe("starter");
    for (let month = 0; month < 2; month++) await happens((id) => at.fake.cycle.renew(id));
    const first = await listInvoices(at.billing, at.tenantId, { limit: 2 });
    expect(first).toMatchObject({ hasMore: true, rows: [{ status: "paid", total: 2_900, currency: "usd" }, {}] });
    const rest = await listInvoices(at.billing, at.tenantId, { limit: 2, after: first.rows.at(-1)?.id });
    expect(rest).toMatchObject({ hasMore: false, rows: [{ period: { endsAt: "2026-12-01T00:00:00.000Z" } }] });
    expect((await openPortal(at.billing, at.tenantId)).url).toMatch(/\/p\/session\//);

    const other = await createTestTenant(at.database);
    expect(await listInvoices(at.billing, other.id, { limit: 2 })).toEqual({ rows: [], hasMore: false });
    await customer(other.id);
    const after = first.rows[0]?.id;
    await expect(listInvoices(at.billing, other.id, { limit: 2, after })).rejects.toMatchObject({
      code: "invalid_cursor",
    });
  });
});

describe("without Stripe", () => {
  it("a tenant is self-hosted, on the plan the operator says, and there is nothing to buy", async () => {
    expect(connectStripe({})).toBeNull();
    const none = createBilling({
      stripe: null,
      database: at.database,
      consoleUrl: "",
      notifyTeam: async () => false,
      logger,
    });
    expect(none).toBeNull();
    const { id } = await createTestTenant(at.database);
    const state: PublicBilling = await describeBilling(at.database, none, id);
    expect(state).toEqual({ kind: "self_hosted", plan: "unlimited" });
    expect(() => requireBilling(none)).toThrow(expect.objectContaining({ code: "conflict" }));
    expect(createStripeDoor({ database: at.database, secret: null, logger })).toBeNull();
  });
});
