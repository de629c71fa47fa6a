import { describe, expect, it } from "vitest";
import { ceilingOf, monthOf, type Plan, planIds, planOf, plans, plansForSale, quotaOf } from "./plans";

const plan: Plan = { ...plans.free, monthlyUnits: { email: 1_005 }, limit: "hard", criticalGrace: 0.1 };

describe("a plan", () => {
  it.each(planIds)("%s has limits that make sense", (id) => {
    const { monthlyUnits, sendRate, criticalGrace, requestsPerSecond, retentionDays, seats }: Plan = plans[id];
    const limits = [
      ...Object.values(monthlyUnits),
      ...Object.values(sendRate),
      requestsPerSecond,
      retentionDays,
      seats,
    ];
    for (const limit of limits) expect(limit === null || (Number.isInteger(limit) && Number(limit) > 0)).toBe(true);
    expect(criticalGrace).toBeGreaterThanOrEqual(0);
    expect(criticalGrace).toBeLessThanOrEqual(1);
  });

  it.each(planIds)("%s charges by the unit only beyond a quota that lets anybody go there", (id) => {
    const { monthlyCents, overageCents, limit, ...plan }: Plan = plans[id];
    for (const [channel, cents] of Object.entries(overageCents)) {
      expect(cents).toMatch(/^\d+(\.\d{1,12})?$/);
      expect(quotaOf({ ...plan, limit, monthlyCents, overageCents }, channel)).toBeGreaterThan(0);
      expect({ limit, isSold: monthlyCents !== null }).toEqual({ limit: "soft", isSold: true });
    }
  });

  it("is for sale where it has a price, the cheapest first", () => {
    expect(plansForSale).toEqual(["starter", "growth"]);
  });

  it("that is unlimited refuses nothing", () => {
    expect(quotaOf(plans.unlimited, "email")).toBeNull();
    expect(ceilingOf(plans.unlimited, "email", "low")).toBeNull();
  });

  it("that nobody knows counts as unlimited, whatever it is called", () => {
    for (const id of ["gone", "", "toString", "__proto__"]) expect(planOf(id)).toBe(plans.unlimited);
    expect(planOf("free")).toBe(plans.free);
  });
});

describe("a quota", () => {
  it("is null on a channel the plan does not name", () => {
    expect(quotaOf(plan, "email")).toBe(1_005);
    expect(quotaOf(plan, "pigeon")).toBeNull();
    expect(ceilingOf(plan, "pigeon", "normal")).toBeNull();
  });

  it("lets critical notifications go over it by the plan's grace, others not at all", () => {
    expect(ceilingOf(plan, "email", "high")).toBe(1_005);
    expect(ceilingOf(plan, "email", "critical")).toBe(1_105);
  });

  it("refuses nothing when it is soft", () => {
    expect(ceilingOf({ ...plan, limit: "soft" }, "email", "normal")).toBeNull();
  });
});

describe("monthOf", () => {
  it.each([
    ["2026-11-30T23:59:59.999Z", "2026-11", "2026-11-01", "2026-12-01"],
    ["2026-12-01T00:00:00.000Z", "2026-12", "2026-12-01", "2027-01-01"],
    ["2028-02-29T12:00:00.000Z", "2028-02", "2028-02-01", "2028-03-01"],
  ])("puts %s into %s", (time, name, start, end) => {
    expect(monthOf(Date.parse(time))).toEqual({ name, startMs: Date.parse(start), endMs: Date.parse(end) });
  });
});
