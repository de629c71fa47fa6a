import type { Database } from "@tidings/db/client";
import { monthOf, planOf, quotaOf } from "@tidings/shared/plans";
import { loadQuotaUse } from "../quotas/load-quota-use";
import type { PublicLimits } from "./limit-schemas";
import { channelLimitsInForce, requestLimitInForce } from "./limits-in-force";

/**
 * All limits of a tenant and what is used of its quotas this month, channels in alphabetical order.
 * @param defaultPerSecond the platform's, of requests
 */
export async function getLimits(database: Database, tenantId: string, defaultPerSecond: number): Promise<PublicLimits> {
  const tenant = await database.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: {
      plan: true,
      requestsPerSecond: true,
      ownRequestsPerSecond: true,
      channelLimits: true,
      ownChannelLimits: true,
    },
  });
  const plan = planOf(tenant.plan);
  const requests = requestLimitInForce(tenant, defaultPerSecond);
  const month = monthOf(Date.now());
  const limited = Object.keys(plan.monthlyUnits).sort();
  const used = limited.length > 0 ? await loadQuotaUse(database, tenantId, month) : new Map<string, number>();
  return {
    plan: tenant.plan,
    requestsPerSecond: requests.perSecond,
    requestsSetBy: requests.setBy,
    channels: channelLimitsInForce(tenant),
    quotas: limited.flatMap((channel) => {
      const monthlyUnits = quotaOf(plan, channel);
      if (monthlyUnits === null) return [];
      return [{ channel, month: month.name, monthlyUnits, used: used.get(channel) ?? 0, limit: plan.limit }];
    }),
  };
}
