import { channels } from "@tidings/channels/registry";
import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { Refusal } from "@tidings/shared/refusals";
import { applyChannelLimit } from "./apply-channel-limit";
import type { LimitQueues } from "./limit-queues";
import type { SetChannelLimitBody } from "./limit-schemas";
import { type ChannelLimitKey, limitTable } from "./limit-table";
import { mostOnChannels, type Rate } from "./limits-in-force";
import { requireAtMost } from "./require-at-most";

/**
 * Limits how fast a tenant sends on a channel, from now on and also what already waits. The operator's wish holds whatever the
 * plan has; a team's may be no more than the operator, or else its plan, gives it, and should that be less later, the lower holds.
 * @returns what the same had set before, and what now
 * @throws {Refusal} `not_found` when there is no such channel, `invalid_body` for more than a team may want
 */
export async function setChannelLimit(
  deps: LimitQueues & { database: Database; logger: Logger },
  { tenantId, channel, setBy }: ChannelLimitKey,
  { perSecond, burst = perSecond }: SetChannelLimitBody,
): Promise<{ before: Rate | null; after: Rate }> {
  if (!channels.has(channel)) throw new Refusal("not_found", `There is no channel ${channel}.`);
  const after = { perSecond, burst };
  if (setBy === "team") await requireGiven(deps.database, { tenantId, channel }, after);
  const table = limitTable(deps.database, setBy);
  const where = { tenantId_channel: { tenantId, channel } };
  const before = await table.findUnique({ where, select: { perSecond: true, burst: true } });
  await table.upsert({ where, create: { tenantId, channel, ...after }, update: after });
  await applyChannelLimit(deps, { tenantId, channel });
  return { before, after };
}

async function requireGiven(
  database: Database,
  { tenantId, channel }: { tenantId: string; channel: string },
  wanted: Rate,
): Promise<void> {
  const { plan, channelLimits } = await database.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { plan: true, channelLimits: true },
  });
  const most = mostOnChannels({ plan, channelLimits }).get(channel) ?? null;
  requireAtMost(wanted, most, { setBy: most?.setBy ?? "plan", plan });
}
