import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { Refusal } from "@tidings/shared/refusals";
import { applyChannelLimit, type LimitQueues } from "./apply-channel-limit";

/**
 * Lifts a tenant's limit on a channel.
 * @throws {Refusal} `not_found` when it has none there
 */
export async function removeChannelLimit(
  deps: LimitQueues & { database: Database; logger: Logger },
  tenantId: string,
  channel: string,
): Promise<void> {
  const { count } = await deps.database.channelLimit.deleteMany({ where: { tenantId, channel } });
  if (count === 0) throw new Refusal("not_found", `There is no limit on ${channel}.`);
  await applyChannelLimit(deps, { tenantId, channel }, null);
}
