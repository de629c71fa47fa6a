import type { Database } from "@tidings/db/client";
import { monthOf, type Plan, type PlanId, planOf, plans, quotaOf } from "@tidings/shared/plans";
import { loadQuotaUse } from "../quotas/load-quota-use";
import type { Obstacle, PlanChange } from "./billing-schemas";
import type { Billing } from "./create-billing";
import { isInForce } from "./subscription-facts";

/**
 * What changing to a plan would mean for a tenant: when it takes effect, and what is in the way. The plan nobody pays for
 * stands for canceling, which nothing ever stands in the way of.
 */
export async function previewPlanChange(
  { database, now }: Billing,
  tenantId: string,
  plan: PlanId,
): Promise<PlanChange> {
  const tenant = await database.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { plan: true, subscription: true },
  });
  const row = tenant.subscription;
  const target: Plan = plans[plan];
  const subscribed = planOf(row?.plan ?? tenant.plan);
  const obstacles = await findObstacles(database, tenantId, { target, current: planOf(tenant.plan) }, now());
  if (!isInForce(row?.status ?? null)) {
    return { plan, takesEffect: target.monthlyCents === null ? "never" : "checkout", at: null, obstacles };
  }
  if (row?.plan === plan) return { plan, takesEffect: "never", at: null, obstacles: [] };
  if (costOf(target) > costOf(subscribed)) return { plan, takesEffect: "now", at: null, obstacles };
  return { plan, takesEffect: "at_period_end", at: row?.periodEnd?.toISOString() ?? null, obstacles };
}

function costOf({ monthlyCents }: Plan): number {
  return monthlyCents ?? 0;
}

async function findObstacles(
  database: Database,
  tenantId: string,
  { target, current }: { target: Plan; current: Plan },
  nowMs: number,
): Promise<Obstacle[]> {
  const [members, invited, use] = await Promise.all([
    database.member.count({ where: { tenantId } }),
    database.invitation.count({ where: { tenantId, status: "pending", expiresAt: { gt: new Date(nowMs) } } }),
    loadQuotaUse(database, tenantId, monthOf(nowMs)),
  ]);
  const obstacles: Obstacle[] = [];
  const seats = members + invited;
  if (target.seats !== null && seats > target.seats) {
    obstacles.push({ kind: "seats", blocks: true, used: seats, allowed: target.seats });
  }
  for (const [channel, used] of [...use].sort(([one], [other]) => one.localeCompare(other))) {
    const allowed = target.limit === "hard" ? quotaOf(target, channel) : null;
    if (allowed !== null && used > allowed) obstacles.push({ kind: "units", blocks: false, channel, used, allowed });
  }
  const days = target.retentionDays;
  if (days !== null && (current.retentionDays === null || days < current.retentionDays)) {
    obstacles.push({ kind: "retention", blocks: false, days, daysNow: current.retentionDays });
  }
  return obstacles;
}
