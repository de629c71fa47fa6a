import { planIds, planOf } from "@tidings/shared/plans";

/** How fast a tenant may send on a channel, as its plan has it: a second's worth at once after a pause. */
export interface PlanLimit {
  channel: string;
  perSecond: number;
  burst: number;
}

/** A plan's limits on channels. */
export function planLimits(planId: string): PlanLimit[] {
  return Object.entries(planOf(planId).sendRate).flatMap(([channel, perSecond]) =>
    perSecond === undefined ? [] : [{ channel, perSecond, burst: perSecond }],
  );
}

/** What is in force of a plan's limits and a tenant's own: its own go first. In alphabetical order. */
export function limitsInForce<Own extends PlanLimit>(planId: string, own: readonly Own[]): (Own | PlanLimit)[] {
  const named = new Set(own.map(({ channel }) => channel));
  const ofPlan = planLimits(planId).filter(({ channel }) => !named.has(channel));
  return [...own, ...ofPlan].sort((one, other) => one.channel.localeCompare(other.channel));
}

/** Plans that limit how fast their tenants send. */
export const limitingPlanIds = planIds.filter((id) => planLimits(id).length > 0);
