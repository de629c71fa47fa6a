import { newUuid } from "@tidings/shared/ids";
import { plans } from "@tidings/shared/plans";
import { describe, expect, it } from "vitest";
import { cancelSubscription, endSubscription, keepSubscription } from "./cancel-subscription";
import { changePlan } from "./change-plan";
import { previewPlanChange } from "./preview-plan-change";
import { useTestBilling } from "./testing/test-billing";

const { at, planOfTenant, describeIt, customer, happens, subscribe, send } = useTestBilling();

describe("changing a plan", () => {
  it("upgrades at once, with what the larger plan meters", async () => {
    await subscribe("starter");
    expect(await previewPlanChange(at.billing, at.tenantId, "growth")).toMatchObject({
      takesEffect: "now",
      obstacles: [],
    });
    expect(await changePlan(at.billing, at.tenantId, { plan: "growth" })).toMatchObject({
      plan: "growth",
      status: "active",
    });
    const live = at.fake.cycle.live(await customer());
    expect(live.items.data.map(({ price }) => price.lookup_key).sort()).toEqual(
      ["", "_email", "_push", "_sms", "_whatsapp"].map((suffix) => `tidings_growth${suffix}`),
    );
    await expect(changePlan(at.billing, at.tenantId, { plan: "growth" })).rejects.toMatchObject({ code: "conflict" });
  });

  it("changes nothing when the card is declined", async () => {
    await subscribe("starter");
    at.fake.setCard(false);
    await expect(changePlan(at.billing, at.tenantId, { plan: "growth" })).rejects.toMatchObject({
      code: "conflict",
      message: "The payment did not go through: Your card was declined.",
    });
    expect(await planOfTenant()).toBe("starter");
  });

  it("downgrades at the end of the period, unless that is taken back", async () => {
    await subscribe("growth");
    const endsAt = "2026-12-01T00:00:00.000Z";
    expect(await previewPlanChange(at.billing, at.tenantId, "starter")).toMatchObject({
      takesEffect: "at_period_end",
      at: endsAt,
    });
    expect(await changePlan(at.billing, at.tenantId, { plan: "starter" })).toMatchObject({
      plan: "growth",
      nextPlan: "starter",
    });
    expect(await keepSubscription(at.billing, at.tenantId)).toMatchObject({ plan: "growth", nextPlan: null });
    await happens((id) => at.fake.cycle.renew(id));
    expect(await planOfTenant()).toBe("growth");

    await changePlan(at.billing, at.tenantId, { plan: "starter" });
    await happens((id) => at.fake.cycle.renew(id));
    expect(await describeIt()).toMatchObject({ plan: "starter", nextPlan: null, status: "active" });
    const live = at.fake.cycle.live(await customer());
    expect(live.items.data.map(({ price }) => price.lookup_key)).toEqual(["tidings_starter"]);
  });

  it("says what is in the way: a team too large forbids it, what was sent this month does not", async () => {
    await subscribe("growth");
    for (let seat = 0; seat <= plans.starter.seats; seat++) {
      const user = await at.database.user.create({
        data: { id: newUuid(), name: "Ann", email: `${newUuid()}@acme.test` },
      });
      await at.database.member.create({
        data: { id: newUuid(), tenantId: at.tenantId, userId: user.id, role: "viewer" },
      });
    }
    await send(60_000);
    const { obstacles } = await previewPlanChange(at.billing, at.tenantId, "starter");
    expect(obstacles).toEqual([
      { kind: "seats", blocks: true, used: 6, allowed: 5 },
      { kind: "units", blocks: false, channel: "email", used: 60_000, allowed: 50_000 },
      { kind: "retention", blocks: false, days: 30, daysNow: 90 },
    ]);
    await expect(changePlan(at.billing, at.tenantId, { plan: "starter" })).rejects.toMatchObject({ code: "conflict" });
    expect(await previewPlanChange(at.billing, at.tenantId, "growth")).toMatchObject({ takesEffect: "never" });
  });

  it("cancels at the end of the period, however large the team; an upgrade takes that back", async () => {
    await subscribe("starter");
    const endsAt = "2026-12-01T00:00:00.000Z";
    expect(await cancelSubscription(at.billing, at.tenantId)).toMatchObject({
      plan: "starter",
      status: "active",
      endsAt,
    });
    expect(await changePlan(at.billing, at.tenantId, { plan: "growth" })).toMatchObject({
      plan: "growth",
      endsAt: null,
    });
    await cancelSubscription(at.billing, at.tenantId);
    await happens((id) => at.fake.cycle.renew(id));
    expect(await describeIt()).toMatchObject({ plan: "free", status: "canceled", endsAt: null, period: null });
    await expect(cancelSubscription(at.billing, at.tenantId)).rejects.toMatchObject({ code: "conflict" });
    await subscribe("starter");
    expect(await planOfTenant()).toBe("starter");
  });

  it("ends at once for a tenant that is to be deleted", async () => {
    await subscribe("growth");
    await endSubscription(at.billing, at.tenantId);
    await endSubscription(at.billing, at.tenantId);
    expect(await describeIt()).toMatchObject({ plan: "free", status: "canceled" });
  });
});
