import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { Refusal } from "@tidings/shared/refusals";
import { applyChannelLimit } from "./apply-channel-limit";
import type { LimitQueues } from "./limit-queues";
import { planLimits } from "./plan-limits";

/**
 * Lifts a tenant's own limit on a channel: its plan's holds then, where it has one.
 * @throws {Refusal} `not_found` when it has none there
 */
export async function removeChannelLimit(
  deps: LimitQueues & { database: Database; logger: Logger },
  tenantId: string,
  channel: string,
): Promise<void> {
  const { count } = await deps.database.channelLimit.deleteMany({ where: { tenantId, channel } });
  if (count === 0) throw new Refusal("not_found", `There is no limit on ${channel}.`);
  const tenant = await deps.database.tenant.findUniqueOrThrow({ where: { id: tenantId }, select: { plan: true } });
  const ofPlan = planLimits(tenant.plan).find((limit) => limit.channel === channel);
  await applyChannelLimit(deps, { tenantId, channel }, ofPlan ?? null);
}
