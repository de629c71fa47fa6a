import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import type { LimitQueues } from "./limit-queues";
import { channelLimitsInForce } from "./limits-in-force";

/**
 * Tells a channel's fair queue what is in force there for a tenant, one of whose limits has just changed. Postgres has it
 * already: when Redis is away, the next `syncLimits` does this.
 */
export async function applyChannelLimit(
  { database, fairQueueOf, logger }: LimitQueues & { database: Database; logger: Logger },
  { tenantId, channel }: { tenantId: string; channel: string },
): Promise<void> {
  const tenant = await database.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { plan: true, channelLimits: true, ownChannelLimits: true },
  });
  const limit = channelLimitsInForce(tenant).find((one) => one.channel === channel);
  try {
    await fairQueueOf(channel).setRate({ tenantId }, limit ? { perSecond: limit.perSecond, burst: limit.burst } : null);
  } catch (err) {
    logger.warn({ err, tenantId, channel }, "limit stored; it takes effect with the next sync");
  }
}
