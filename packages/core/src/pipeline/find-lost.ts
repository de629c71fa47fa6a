import { groupBy } from "@tidings/shared/group-by";
import type { ChannelQueues } from "./enqueue";
import type { RoutedDelivery } from "./route";

/**
 * Which deliveries are nowhere in the queues. Where a tenant's line is too long to look through they are left to it, and
 * looked at again later.
 */
export async function findLost(
  queues: ReadonlyMap<string, ChannelQueues>,
  deliveries: readonly RoutedDelivery[],
): Promise<readonly RoutedDelivery[]> {
  const lines = groupBy(deliveries, ({ channel, tenantId, sender }) => `${channel}\n${tenantId}\n${sender}`);
  const lost = await Promise.all(
    [...lines.values()].map(async (line) => {
      const fair = queues.get((line[0] as RoutedDelivery).channel)?.fair;
      const absent = new Set(((await fair?.absent(line)) ?? []).map(({ id }) => id));
      return line.filter(({ id }) => absent.has(id));
    }),
  );
  return lost.flat();
}
