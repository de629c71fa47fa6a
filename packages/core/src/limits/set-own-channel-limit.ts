import { channels } from "@tidings/channels/registry";
import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { Refusal } from "@tidings/shared/refusals";
import { applyChannelLimit } from "./apply-channel-limit";
import type { LimitQueues } from "./limit-queues";
import type { SetChannelLimitBody } from "./limit-schemas";
import { type ChannelRate, mostOnChannels } from "./limits-in-force";
import { requireAtMost } from "./require-at-most";

/**
 * Limits how fast a tenant sends on a channel by its team's wish: to no more than the operator, or else its plan, gives it.
 * Takes effect at once, also for what already waits. Should it be given less later, the lower one holds.
 * @throws {Refusal} `not_found` when there is no such channel, `invalid_body` for more
 */
export async function setOwnChannelLimit(
  deps: LimitQueues & { database: Database; logger: Logger },
  tenantId: string,
  channel: string,
  { perSecond, burst = perSecond }: SetChannelLimitBody,
): Promise<ChannelRate> {
  if (!channels.has(channel)) throw new Refusal("not_found", `There is no channel ${channel}.`);
  const { plan, channelLimits } = await deps.database.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { plan: true, channelLimits: true },
  });
  const most = mostOnChannels({ plan, channelLimits }).get(channel) ?? null;
  requireAtMost({ perSecond, burst }, most, { setBy: most?.setBy ?? "plan", plan });
  await deps.database.ownChannelLimit.upsert({
    where: { tenantId_channel: { tenantId, channel } },
    create: { tenantId, channel, perSecond, burst },
    update: { perSecond, burst },
  });
  await applyChannelLimit(deps, { tenantId, channel });
  return { channel, perSecond, burst };
}
