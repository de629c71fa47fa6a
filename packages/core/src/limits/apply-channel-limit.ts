import type { Rate } from "@tidings/runtime/fair-queue";
import type { Logger } from "@tidings/runtime/logger";
import type { LimitQueues } from "./limit-queues";

/** Tells a channel's fair queue of a limit that has just changed. Postgres has it already: when Redis is away, the next `syncLimits` does this. */
export async function applyChannelLimit(
  { fairQueueOf, logger }: LimitQueues & { logger: Logger },
  { tenantId, channel }: { tenantId: string; channel: string },
  rate: Rate | null,
): Promise<void> {
  try {
    await fairQueueOf(channel).setRate({ tenantId }, rate);
  } catch (err) {
    logger.warn({ err, tenantId, channel }, "limit stored; it takes effect with the next sync");
  }
}
