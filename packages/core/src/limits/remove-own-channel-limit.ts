import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { Refusal } from "@tidings/shared/refusals";
import { applyChannelLimit } from "./apply-channel-limit";
import type { LimitQueues } from "./limit-queues";
import type { Rate } from "./limits-in-force";

/**
 * Lifts the limit that a tenant's team has set on a channel: the operator's or its plan's holds then, where there is one.
 * @returns what it was
 * @throws {Refusal} `not_found` when the team has set none there
 */
export async function removeOwnChannelLimit(
  deps: LimitQueues & { database: Database; logger: Logger },
  tenantId: string,
  channel: string,
): Promise<Rate> {
  const where = { tenantId, channel };
  const before = await deps.database.ownChannelLimit.findFirst({ where, select: { perSecond: true, burst: true } });
  const { count } = await deps.database.ownChannelLimit.deleteMany({ where });
  if (before === null || count === 0) throw new Refusal("not_found", `The team has set no limit on ${channel}.`);
  await applyChannelLimit(deps, where);
  return before;
}
