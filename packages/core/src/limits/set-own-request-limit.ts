import type { Database } from "@tidings/db/client";
import { mostRequests } from "./limits-in-force";
import { requireAtMost } from "./require-at-most";

/**
 * Limits the requests a second of a tenant by its team's wish: to no more than the operator, its plan, or else the platform's
 * default gives it. Processes that know its keys take it up within a minute. Should it be given less later, the lower one holds.
 * @param requestsPerSecond null: as many as it was given
 * @param defaultPerSecond the platform's
 * @returns what the team had set before
 * @throws {Refusal} `invalid_body` for more
 */
export async function setOwnRequestLimit(
  database: Database,
  tenantId: string,
  requestsPerSecond: number | null,
  defaultPerSecond: number,
): Promise<number | null> {
  const tenant = await database.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { plan: true, requestsPerSecond: true, ownRequestsPerSecond: true },
  });
  if (requestsPerSecond !== null) {
    const { perSecond, setBy } = mostRequests(tenant, defaultPerSecond);
    requireAtMost({ requestsPerSecond }, { requestsPerSecond: perSecond }, { setBy, plan: tenant.plan });
  }
  await database.tenant.update({ where: { id: tenantId }, data: { ownRequestsPerSecond: requestsPerSecond } });
  return tenant.ownRequestsPerSecond;
}
