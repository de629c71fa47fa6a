import type { Database, Prisma } from "@tidings/db/client";
import type { LimitQueues } from "./limit-queues";
import { limitingPlanIds, planLimits } from "./plan-limits";

/**
 * Sets every limit of a tenant, its own or else its plan's, in its channel's fair queue. Safe to repeat, and meant to be: it
 * mends what a flushed or absent Redis has missed.
 * @param before what the last call answered: of those, limits that hold no more are lifted
 * @returns the limits that are in force now
 */
export async function syncLimits(
  { database, fairQueueOf }: LimitQueues & { database: Database },
  before: readonly Prisma.ChannelLimitModel[] = [],
): Promise<Prisma.ChannelLimitModel[]> {
  const keyOf = ({ tenantId, channel }: Prisma.ChannelLimitModel) => `${channel} ${tenantId}`;
  const [own, onPlans] = await Promise.all([
    database.channelLimit.findMany(),
    database.tenant.findMany({ where: { plan: { in: limitingPlanIds } }, select: { id: true, plan: true } }),
  ]);
  const owned = new Set(own.map(keyOf));
  const ofPlans = onPlans.flatMap(({ id, plan }) => planLimits(plan).map((limit) => ({ tenantId: id, ...limit })));
  const inForce = [...own, ...ofPlans.filter((limit) => !owned.has(keyOf(limit)))];
  const kept = new Set(inForce.map(keyOf));
  const lifted = before.filter((limit) => !kept.has(keyOf(limit)));
  await Promise.all([
    ...lifted.map(({ tenantId, channel }) => fairQueueOf(channel).setRate({ tenantId }, null)),
    ...inForce.map(({ tenantId, channel, perSecond, burst }) =>
      fairQueueOf(channel).setRate({ tenantId }, { perSecond, burst }),
    ),
  ]);
  return inForce;
}
