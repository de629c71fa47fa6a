import { channels } from "@tidings/channels/registry";
import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { Refusal } from "@tidings/shared/refusals";
import { applyChannelLimit } from "./apply-channel-limit";
import type { LimitQueues } from "./limit-queues";
import type { SetChannelLimitBody } from "./limit-schemas";
import type { Rate } from "./limits-in-force";

/**
 * Limits how fast a tenant sends on a channel by the operator's wish, whatever its plan has, from now on and also what
 * already waits. Its team may want less, never more.
 * @returns what the operator had set before, and what now
 * @throws {Refusal} `not_found` when there is no such channel
 */
export async function setChannelLimit(
  deps: LimitQueues & { database: Database; logger: Logger },
  tenantId: string,
  channel: string,
  { perSecond, burst = perSecond }: SetChannelLimitBody,
): Promise<{ before: Rate | null; after: Rate }> {
  if (!channels.has(channel)) throw new Refusal("not_found", `There is no channel ${channel}.`);
  const where = { tenantId_channel: { tenantId, channel } };
  const after = { perSecond, burst };
  const before = await deps.database.channelLimit.findUnique({ where, select: { perSecond: true, burst: true } });
  await deps.database.channelLimit.upsert({ where, create: { tenantId, channel, ...after }, update: after });
  await applyChannelLimit(deps, { tenantId, channel });
  return { before, after };
}
