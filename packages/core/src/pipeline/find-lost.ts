import { groupBy } from "@tidings/shared/group-by";
import type { ChannelQueues } from "./enqueue";
import type { RoutedDelivery } from "./route";

/**
 * Which deliveries have no entry in the queues: they have no job, and do not wait for admission. Where a tenant's line is
 * too long to look through they are left to it, and looked at again later.
 * @param linesAreLost the lines are known to be gone: what stands in them now was put there since, so they are not asked
 */
export async function findLost(
  queues: ReadonlyMap<string, ChannelQueues>,
  deliveries: readonly RoutedDelivery[],
  linesAreLost: boolean,
): Promise<readonly RoutedDelivery[]> {
  const lines = groupBy(deliveries, ({ channel, tenantId, sender }) => `${channel}\n${tenantId}\n${sender}`);
  const lost = await Promise.all(
    [...lines.values()].map(async (line) => {
      const channelQueues = queues.get((line[0] as RoutedDelivery).channel);
      if (!channelQueues) return [];
      // In this order: a delivery admitted in between is seen by the second look.
      const notWaiting = linesAreLost ? line : ((await channelQueues.fair.absent(line)) ?? []);
      const withoutJob = await channelQueues.deliveries.withoutJob(notWaiting.map(({ id }) => id));
      return line.filter(({ id }) => withoutJob.has(id));
    }),
  );
  return lost.flat();
}
