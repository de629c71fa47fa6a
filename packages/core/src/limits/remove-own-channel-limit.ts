import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { Refusal } from "@tidings/shared/refusals";
import { applyChannelLimit } from "./apply-channel-limit";
import type { LimitQueues } from "./limit-queues";

/**
 * Lifts the limit that a tenant's team has set on a channel: the operator's or its plan's holds then, where there is one.
 * @throws {Refusal} `not_found` when the team has set none there
 */
export async function removeOwnChannelLimit(
  deps: LimitQueues & { database: Database; logger: Logger },
  tenantId: string,
  channel: string,
): Promise<void> {
  const { count } = await deps.database.ownChannelLimit.deleteMany({ where: { tenantId, channel } });
  if (count === 0) throw new Refusal("not_found", `The team has set no limit on ${channel}.`);
  await applyChannelLimit(deps, { tenantId, channel });
}
