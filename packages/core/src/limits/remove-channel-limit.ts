import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { Refusal } from "@tidings/shared/refusals";
import { applyChannelLimit } from "./apply-channel-limit";
import type { LimitQueues } from "./limit-queues";
import { type ChannelLimitKey, limitTable } from "./limit-table";
import type { Rate } from "./limits-in-force";

/**
 * Lifts the limit of a tenant on a channel that its operator, or its team, has set: what the others have set, or its plan, holds
 * then.
 * @returns what it was
 * @throws {Refusal} `not_found` when there is none
 */
export async function removeChannelLimit(
  deps: LimitQueues & { database: Database; logger: Logger },
  { tenantId, channel, setBy }: ChannelLimitKey,
): Promise<Rate> {
  const table = limitTable(deps.database, setBy);
  const where = { tenantId, channel };
  const before = await table.findUnique({
    where: { tenantId_channel: where },
    select: { perSecond: true, burst: true },
  });
  const { count } = await table.deleteMany({ where });
  if (before === null || count === 0) {
    const none = setBy === "team" ? `The team has set no limit on ${channel}.` : `There is no limit on ${channel}.`;
    throw new Refusal("not_found", none);
  }
  await applyChannelLimit(deps, where);
  return before;
}
