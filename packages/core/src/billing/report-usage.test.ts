import { describe, expect, it } from "vitest";
import { changePlan } from "./change-plan";
import { getMeteredUse } from "./get-metered-use";
import { reportUsage } from "./report-usage";
import { day, minute, start, useTestBilling } from "./testing/test-billing";

const { at, anotherTenant, customer, happens, subscribe, send, wait } = useTestBilling();
const reported = async (channel = "email") => at.fake.unitsOf(await customer(), `tidings_${channel}_units`);

describe("metered usage", () => {
  it("reports each unit once, of live mode, by channel, from the subscription on", async () => {
    await send(700); // before
    await subscribe("growth");
    await send(5, { mode: "test" });
    await send(9, { channel: "in_app" });
    await reportUsage(at.billing);
    expect(await reported()).toBe(0);
    await send(30);
    await send(12, { category: "orders" });
    await send(3, { channel: "sms" });
    expect(await reportUsage(at.billing)).toBe(45n);
    expect(await reportUsage(at.billing)).toBe(0n);
    await send(8);
    await Promise.all([reportUsage(at.billing), reportUsage(at.billing)]);
    await reportUsage(at.billing);
    expect([await reported(), await reported("sms"), await reported("in_app")]).toEqual([50, 3, 0]);
  });

  it("shows what was sent in the period and what it costs, told to Stripe or not", async () => {
    expect(await getMeteredUse(at.billing, at.tenantId)).toBeNull();
    await subscribe("starter");
    expect(await getMeteredUse(at.billing, at.tenantId)).toBeNull();
    await changePlan(at.billing, at.tenantId, { plan: "growth" });
    await send(20_100, { channel: "sms" });
    await reportUsage(at.billing);
    await send(150, { channel: "sms" });
    await send(40);
    const use = await getMeteredUse(at.billing, at.tenantId);
    expect(use).toMatchObject({ currency: "usd", since: "2026-11-10T09:00:00.000Z" });
    expect(use?.channels).toEqual([
      { channel: "email", units: 40, included: 500_000, unitAmount: "0.06", amount: 0 },
      { channel: "push", units: 0, included: 5_000_000, unitAmount: "0.005", amount: 0 },
      { channel: "sms", units: 20_250, included: 20_000, unitAmount: "1.2", amount: 300 },
      { channel: "whatsapp", units: 0, included: 20_000, unitAmount: "1.2", amount: 0 },
    ]);
    await reportUsage(at.billing);
    wait(21 * day);
    await happens((id) => at.fake.cycle.renew(id));
    expect((await getMeteredUse(at.billing, at.tenantId))?.channels.map(({ units }) => units)).toEqual([0, 0, 0, 0]);
  });

  it("neither loses nor doubles a unit when the answer to a report is lost, soon after or days later", async () => {
    for (const { later, forgets } of [
      { later: 5 * minute, forgets: false },
      { later: 3 * day, forgets: true },
    ]) {
      await anotherTenant();
      at.clockMs = start;
      await subscribe("growth");
      await send(10);
      at.fake.loseAnswers("/v1/billing/meter_events", 1);
      await expect(reportUsage(at.billing)).rejects.toThrow(); // as after a crash: sent, and not known to be
      await send(7);
      wait(later);
      if (forgets) at.fake.forgetIdentifiers();
      await reportUsage(at.billing);
      await reportUsage(at.billing);
      expect(await reported()).toBe(17);
    }
  });

  it("catches up after days without Stripe, each day in its own period", async () => {
    await subscribe("growth");
    const days = ["2026-11-10", "2026-11-11", "2026-11-12", "2026-11-13"];
    at.fake.script.next(Number.POSITIVE_INFINITY, {
      status: 500,
      headers: { "stripe-should-retry": "false" },
      body: { error: { type: "api_error" } },
    });
    for (const each of days) {
      for (let round = 0; round < 3; round++) {
        await send(10, { day: each });
        await expect(reportUsage(at.billing)).rejects.toThrow();
        wait(8 * 60 * minute);
      }
    }
    at.fake.script.clear();
    at.fake.forgetIdentifiers();
    for (let round = 0; round < 3; round++) await reportUsage(at.billing);
    expect(await reported()).toBe(120);
    const id = await customer();
    const stamps = at.fake.books.meterEvents
      .filter(({ payload }) => payload.stripe_customer_id === id)
      .map(({ timestamp }) => new Date(timestamp * 1_000).toISOString().slice(0, 10));
    expect(new Set(stamps)).toEqual(new Set(days));
  });

  it("charges what comes after a period's invoice was closed with the next period", async () => {
    await subscribe("growth");
    await send(10, { day: "2026-11-30" });
    at.clockMs = Date.parse("2026-12-01T00:10:00Z");
    await happens((id) => at.fake.cycle.renew(id));
    await reportUsage(at.billing); // the invoice of November is still open
    await send(4, { day: "2026-11-30" });
    at.clockMs = Date.parse("2026-12-01T06:00:00Z");
    await reportUsage(at.billing);
    const id = await customer();
    const own = at.fake.books.meterEvents.filter(({ payload }) => payload.stripe_customer_id === id);
    expect(own.map(({ timestamp, payload }) => [new Date(timestamp * 1_000).toISOString(), payload.value])).toEqual([
      ["2026-11-30T23:59:59.000Z", "10"],
      ["2026-12-01T06:00:00.000Z", "4"],
    ]);
  });

  it("ends with the subscription, and what was sent until then is still told", async () => {
    await subscribe("growth");
    await send(10);
    await happens((id) => at.fake.cycle.giveUp(id));
    await send(90);
    await reportUsage(at.billing);
    expect(await reported()).toBe(10);
    await subscribe("growth");
    await send(1);
    await reportUsage(at.billing);
    expect(await reported()).toBe(11);
  });
});
