import type { Database, Prisma } from "@tidings/db/client";
import type { LimitQueues } from "./apply-channel-limit";

/**
 * Sets every stored limit in its channel's fair queue. Safe to repeat, and meant to be: it mends what a flushed or absent Redis has missed.
 * @param before what the last call answered: of those, limits that are stored no more are lifted
 * @returns the limits that are in force now
 */
export async function syncLimits(
  { database, fairQueueOf }: LimitQueues & { database: Database },
  before: readonly Prisma.ChannelLimitModel[] = [],
): Promise<Prisma.ChannelLimitModel[]> {
  const stored = await database.channelLimit.findMany();
  const keyOf = ({ tenantId, channel }: Prisma.ChannelLimitModel) => `${channel} ${tenantId}`;
  const kept = new Set(stored.map(keyOf));
  const lifted = before.filter((limit) => !kept.has(keyOf(limit)));
  await Promise.all([
    ...lifted.map(({ tenantId, channel }) => fairQueueOf(channel).setRate({ tenantId }, null)),
    ...stored.map(({ tenantId, channel, perSecond, burst }) =>
      fairQueueOf(channel).setRate({ tenantId }, { perSecond, burst }),
    ),
  ]);
  return stored;
}
