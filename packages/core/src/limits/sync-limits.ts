import type { Database } from "@tidings/db/client";
import { groupBy } from "@tidings/shared/group-by";
import type { LimitQueues } from "./limit-queues";
import { type ChannelRate, channelLimitsInForce, limitingPlanIds } from "./limits-in-force";

/** A limit in force, and whose it is. */
export interface TenantLimit extends ChannelRate {
  tenantId: string;
}

/**
 * Sets every limit that is in force, see {@link channelLimitsInForce}, in its channel's fair queue. Safe to repeat, and meant to
 * be: it mends what a flushed or absent Redis has missed.
 * @param before what the last call answered: of those, limits that hold no more are lifted
 * @returns the limits that are in force now
 */
export async function syncLimits(
  { database, fairQueueOf }: LimitQueues & { database: Database },
  before: readonly TenantLimit[] = [],
): Promise<TenantLimit[]> {
  const keyOf = ({ tenantId, channel }: TenantLimit) => `${channel} ${tenantId}`;
  const tenants = await database.tenant.findMany({
    where: {
      OR: [{ plan: { in: limitingPlanIds } }, { channelLimits: { some: {} } }, { ownChannelLimits: { some: {} } }],
    },
    select: { id: true, plan: true, channelLimits: true, ownChannelLimits: true },
  });
  const inForce = tenants.flatMap((tenant) =>
    channelLimitsInForce(tenant).map((limit) => ({ tenantId: tenant.id, ...limit })),
  );
  const kept = new Set(inForce.map(keyOf));
  const lifted = before.filter((limit) => !kept.has(keyOf(limit)));
  await Promise.all([
    ...lifted.map(({ tenantId, channel }) => fairQueueOf(channel).setRate({ tenantId }, null)),
    ...[...groupBy(inForce, ({ channel }) => channel)].map(([channel, limits]) =>
      fairQueueOf(channel).setRates(limits),
    ),
  ]);
  return inForce;
}
