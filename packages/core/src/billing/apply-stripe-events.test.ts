import { createTestTenant } from "@tidings/db/factories";
import { stripeCall, stripeWebhookSecret } from "@tidings/tests/fakes/stripe-fake";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyStripeEvents, keepBilling } from "./apply-stripe-events";
import { changePlan } from "./change-plan";
import type { Billing } from "./create-billing";
import { startCheckout } from "./start-checkout";
import { syncSubscription } from "./sync-subscription";
import { day, minute, useTestBilling } from "./testing/test-billing";

const { at, anotherTenant, planOfTenant, describeIt, customer, take, hear, happens, subscribe, wait } =
  useTestBilling();

describe("Stripe's events", () => {
  it("are refused when they are forged, changed, or too old, and leave nothing", async () => {
    at.fake.cycle.subscribe(
      await customer(),
      [{ price: (await at.billing.prices.of("growth")).base.id, quantity: 1 }],
      {},
      1,
    );
    const event = at.fake.events.at(-1);
    if (!event) throw new Error("no event");
    const forged = { code: "event_forged" };
    await expect(take(event, Date.now(), "whsec_other")).rejects.toMatchObject(forged);
    await expect(take(event, Date.now() - 6 * minute)).rejects.toMatchObject(forged);
    const call = stripeCall(event, stripeWebhookSecret);
    await expect(
      at.door.take(Buffer.concat([call.body, Buffer.from(" ")]), call.headers["stripe-signature"] ?? ""),
    ).rejects.toMatchObject(forged);
    await expect(at.door.take(call.body, "")).rejects.toMatchObject(forged);
    expect(await at.database.stripeEvent.count({ where: { id: event.id } })).toBe(0);
    expect(await planOfTenant()).toBe("free");
  });

  it("leave a tenant as Stripe has it, however often and in whatever order they come", async () => {
    const moves = {
      fail: (id: string) => at.fake.cycle.failPayment(id),
      pay: (id: string) => at.fake.cycle.payInvoice(id),
      renew: (id: string) => at.fake.cycle.renew(id),
      end: (id: string) => at.fake.cycle.giveUp(id),
      again: (id: string) => {
        if (
          ![...at.fake.books.subscriptions.values()].some((each) => each.customer === id && each.status === "active")
        ) {
          const price = [...at.fake.books.prices.values()].find(({ lookup_key }) => lookup_key === "tidings_starter");
          at.fake.cycle.subscribe(id, [{ price: price?.id ?? "", quantity: 1 }], {}, 1);
        }
      },
    };
    const history = fc.array(fc.constantFrom(...(Object.keys(moves) as (keyof typeof moves)[])), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(history, fc.infiniteStream(fc.nat()), async (names, order) => {
        await anotherTenant();
        const id = await customer();
        const from = at.fake.events.length;
        moves.again(id);
        for (const name of names) {
          at.clockMs += 1_000;
          const isLive = () =>
            [...at.fake.books.subscriptions.values()].some(
              (each) => each.customer === id && ["active", "past_due"].includes(each.status),
            );
          if (name === "again" || isLive()) moves[name](id);
        }
        const sent = at.fake.events.slice(from);
        const shuffled = [...sent, ...sent]
          .map((event) => ({ event, at: order.next().value ?? 0 }))
          .sort((one, other) => one.at - other.at);
        for (const [index, { event }] of shuffled.entries()) {
          await take(event);
          if (index % 2 === 0) await Promise.all([applyStripeEvents(at.billing), applyStripeEvents(at.billing)]);
        }
        await applyStripeEvents(at.billing);
        const live = [...at.fake.books.subscriptions.values()].filter((each) => each.customer === id).at(-1);
        const holds = live !== undefined && ["active", "past_due"].includes(live.status);
        expect(await planOfTenant()).toBe(holds ? "starter" : "free");
        expect((await describeIt()).status).toBe(live?.status);
        expect(await at.database.stripeEvent.count({ where: { customerId: id } })).toBe(sent.length);
        expect(await at.database.stripeEvent.count({ where: { customerId: id, appliedAt: null } })).toBe(0);
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  it("never have an older reading of Stripe undo a newer one", async () => {
    await subscribe("growth");
    const id = await customer();
    at.fake.cycle.failPayment(id);
    const overtaken: Billing = {
      ...at.billing,
      // Asked between the reading and the writing: meanwhile it is paid, and another process has seen that.
      notifyTeam: async () => {
        at.fake.cycle.payInvoice(id);
        await syncSubscription(at.billing, at.tenantId);
        return true;
      },
    };
    await syncSubscription(overtaken, at.tenantId);
    expect(await describeIt()).toMatchObject({ status: "active", dunning: null });
  });

  it("wait while Stripe is away, and are applied when it is back", async () => {
    const from = at.fake.events.length;
    at.fake.pay((await startCheckout(at.billing, at.tenantId, { plan: "starter" })).url);
    at.fake.script.next(Number.POSITIVE_INFINITY, {
      status: 500,
      headers: { "stripe-should-retry": "false" },
      body: { error: { type: "api_error" } },
    });
    await hear(from);
    expect(await planOfTenant()).toBe("free");
    at.fake.script.clear();
    expect(await applyStripeEvents(at.billing)).toBe(0); // not at once again
    await at.database.stripeEvent.updateMany({ where: { dueAt: { not: null } }, data: { dueAt: new Date() } });
    await applyStripeEvents(at.billing);
    expect(await planOfTenant()).toBe("starter");
  });

  it("leave an entry in the audit log for each plan they change, and for nothing else", async () => {
    await subscribe("starter");
    await syncSubscription(at.billing, at.tenantId);
    await changePlan(at.billing, at.tenantId, { plan: "growth" });
    await happens((id) => at.fake.cycle.failPayment(id));
    await at.database.tenant.update({ where: { id: at.tenantId }, data: { plan: "enterprise" } });
    await happens((id) => at.fake.cycle.giveUp(id));
    const entries = await at.database.auditEntry.findMany({ where: { tenantId: at.tenantId }, orderBy: { id: "asc" } });
    expect(entries).toMatchObject([
      { actor: "Stripe", action: "plan.changed", before: { plan: "free" }, after: { plan: "starter" } },
      { actor: "Stripe", action: "plan.changed", before: { plan: "starter" }, after: { plan: "growth" } },
    ]);
    expect(entries).toHaveLength(2);
  });

  it("of another tenant's customer, or of nobody's, change nothing here", async () => {
    const other = await createTestTenant(at.database, { plan: "free" });
    await subscribe("growth", other.id);
    at.fake.cycle.subscribe(
      "cus_stranger",
      [{ price: (await at.billing.prices.of("growth")).base.id, quantity: 1 }],
      { tenant: at.slug },
      1,
    );
    await hear(at.fake.events.length - 2);
    expect(await planOfTenant()).toBe("free");
    expect(await planOfTenant(other.id)).toBe("growth");
    expect((await describeIt()).isCustomer).toBe(false);
    expect(await at.database.stripeEvent.count({ where: { appliedAt: null } })).toBe(0);
  });

  it("are forgotten a month after they were applied", async () => {
    await subscribe("starter");
    const own = { customerId: await customer() };
    await at.database.stripeEvent.updateMany({ where: own, data: { receivedAt: new Date(Date.now() - 31 * day) } });
    await keepBilling(at.billing);
    expect(await at.database.stripeEvent.count({ where: own })).toBe(0);
  });
});

describe("a payment that fails", () => {
  it("keeps the plan, shows what is due and tells the team once; when it is paid nothing is due", async () => {
    await subscribe("growth");
    wait(21 * day);
    await happens((id) => at.fake.cycle.failPayment(id));
    await applyStripeEvents(at.billing);
    const state = await describeIt();
    expect(state).toMatchObject({ plan: "growth", status: "past_due" });
    expect(state.dunning).toEqual({
      since: "2026-12-01T09:00:00.000Z",
      nextRetryAt: "2026-12-04T09:00:00.000Z",
      invoiceUrl: expect.stringMatching(/^http.*\/i\/in_/),
    });
    expect(at.told).toMatchObject([{ tenantId: at.tenantId, subject: "A payment did not go through" }]);
    expect(at.told[0]?.text).toContain("2026-12-04");
    expect(at.told[0]?.text).toContain(`https://console.test/${at.slug}/billing`);
    await expect(changePlan(at.billing, at.tenantId, { plan: "starter" })).rejects.toMatchObject({ code: "conflict" });

    await happens((id) => at.fake.cycle.payInvoice(id));
    expect(await describeIt()).toMatchObject({ plan: "growth", status: "active", dunning: null });
    expect(at.told).toHaveLength(1);
  });

  it.each(["canceled", "unpaid"] as const)("for good ends the plan, when Stripe makes it %s", async (status) => {
    await subscribe("growth");
    await happens((id) => at.fake.cycle.failPayment(id));
    await happens((id) => at.fake.cycle.giveUp(id, status));
    expect(await describeIt()).toMatchObject({ plan: "free", status: "canceled", subscribedPlan: null, dunning: null });
    expect(at.told.map(({ subject }) => subject)).toEqual([
      "A payment did not go through",
      "The subscription has ended",
    ]);
  });

  it("takes nothing from a tenant whom the operator has put on another plan", async () => {
    await subscribe("starter");
    await at.database.tenant.update({ where: { id: at.tenantId }, data: { plan: "enterprise" } });
    await happens((id) => at.fake.cycle.giveUp(id));
    expect(await planOfTenant()).toBe("enterprise");
  });
});
