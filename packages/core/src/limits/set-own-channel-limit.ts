import { channels } from "@tidings/channels/registry";
import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { Refusal } from "@tidings/shared/refusals";
import { applyChannelLimit } from "./apply-channel-limit";
import type { LimitQueues } from "./limit-queues";
import type { SetChannelLimitBody } from "./limit-schemas";
import { mostOnChannels, type Rate } from "./limits-in-force";
import { requireAtMost } from "./require-at-most";

/**
 * Limits how fast a tenant sends on a channel by its team's wish: to no more than the operator, or else its plan, gives it.
 * Takes effect at once, also for what already waits. Should it be given less later, the lower one holds.
 * @returns what the team had set before, and what now
 * @throws {Refusal} `not_found` when there is no such channel, `invalid_body` for more
 */
export async function setOwnChannelLimit(
  deps: LimitQueues & { database: Database; logger: Logger },
  tenantId: string,
  channel: string,
  { perSecond, burst = perSecond }: SetChannelLimitBody,
): Promise<{ before: Rate | null; after: Rate }> {
  if (!channels.has(channel)) throw new Refusal("not_found", `There is no channel ${channel}.`);
  const { plan, channelLimits } = await deps.database.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { plan: true, channelLimits: true },
  });
  const most = mostOnChannels({ plan, channelLimits }).get(channel) ?? null;
  const after = { perSecond, burst };
  requireAtMost(after, most, { setBy: most?.setBy ?? "plan", plan });
  const where = { tenantId_channel: { tenantId, channel } };
  const before = await deps.database.ownChannelLimit.findUnique({ where, select: { perSecond: true, burst: true } });
  await deps.database.ownChannelLimit.upsert({ where, create: { tenantId, channel, ...after }, update: after });
  await applyChannelLimit(deps, { tenantId, channel });
  return { before, after };
}
