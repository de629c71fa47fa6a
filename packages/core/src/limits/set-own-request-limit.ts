import type { Database } from "@tidings/db/client";
import { planOf } from "@tidings/shared/plans";
import { requireWithinPlan } from "./require-within-plan";
import { setRequestLimit } from "./set-request-limit";

/**
 * Limits the requests a second of a tenant by its team's wish: to no more than its plan has.
 * @param requestsPerSecond null: what the plan has, or else the platform's default
 * @throws {Refusal} `invalid_body` for more
 */
export async function setOwnRequestLimit(
  database: Database,
  tenantId: string,
  requestsPerSecond: number | null,
): Promise<void> {
  const tenant = await database.tenant.findUniqueOrThrow({ where: { id: tenantId }, select: { plan: true } });
  const plan = planOf(tenant.plan);
  if (requestsPerSecond !== null) requireWithinPlan(plan, plan.requestsPerSecond, { requestsPerSecond });
  await setRequestLimit(database, tenantId, requestsPerSecond);
}
