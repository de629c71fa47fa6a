import type { FairQueue, Rate } from "@tidings/runtime/fair-queue";
import type { Logger } from "@tidings/runtime/logger";

/** Where a limit takes effect. */
export interface LimitQueues {
  fairQueueOf(channel: string): Pick<FairQueue, "setRate">;
}

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
