import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { Refusal } from "@tidings/shared/refusals";
import { applyChannelLimit } from "./apply-channel-limit";
import type { LimitQueues } from "./limit-queues";
import type { Rate } from "./limits-in-force";

/**
 * Lifts the operator's limit of a tenant on a channel: its plan's holds then, or less where its team wants less.
 * @returns what it was
 * @throws {Refusal} `not_found` when there is none
 */
export async function removeChannelLimit(
  deps: LimitQueues & { database: Database; logger: Logger },
  tenantId: string,
  channel: string,
): Promise<Rate> {
  const where = { tenantId, channel };
  const before = await deps.database.channelLimit.findFirst({ where, select: { perSecond: true, burst: true } });
  const { count } = await deps.database.channelLimit.deleteMany({ where });
  if (before === null || count === 0) throw new Refusal("not_found", `There is no limit on ${channel}.`);
  await applyChannelLimit(deps, where);
  return before;
}
