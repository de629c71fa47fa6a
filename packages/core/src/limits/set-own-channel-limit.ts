import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { planOf } from "@tidings/shared/plans";
import type { LimitQueues } from "./limit-queues";
import type { SetChannelLimitBody } from "./limit-schemas";
import { requireWithinPlan } from "./require-within-plan";
import { setChannelLimit } from "./set-channel-limit";

/**
 * Limits how fast a tenant sends on a channel, by its team's wish: to no more than its plan has.
 * @throws {Refusal} `invalid_body` for more, and those of {@link setChannelLimit}
 */
export async function setOwnChannelLimit(
  deps: LimitQueues & { database: Database; logger: Logger },
  tenantId: string,
  channel: string,
  { perSecond, burst = perSecond }: SetChannelLimitBody,
): Promise<{ perSecond: number; burst: number }> {
  const tenant = await deps.database.tenant.findUniqueOrThrow({ where: { id: tenantId }, select: { plan: true } });
  const plan = planOf(tenant.plan);
  requireWithinPlan(plan, plan.sendRate[channel] ?? null, { perSecond, burst });
  return setChannelLimit(deps, tenantId, channel, { perSecond, burst });
}
