import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { Refusal } from "@tidings/shared/refusals";
import { applyChannelLimit } from "./apply-channel-limit";
import type { LimitQueues } from "./limit-queues";

/**
 * Lifts the operator's limit of a tenant on a channel: its plan's holds then, or less where its team wants less.
 * @throws {Refusal} `not_found` when there is none
 */
export async function removeChannelLimit(
  deps: LimitQueues & { database: Database; logger: Logger },
  tenantId: string,
  channel: string,
): Promise<void> {
  const { count } = await deps.database.channelLimit.deleteMany({ where: { tenantId, channel } });
  if (count === 0) throw new Refusal("not_found", `There is no limit on ${channel}.`);
  await applyChannelLimit(deps, { tenantId, channel });
}
