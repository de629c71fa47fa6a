import type { Database } from "@tidings/db/client";
import type { FairQueue } from "@tidings/runtime/fair-queue";

interface EndpointRate {
  id: string;
  perSecond: number;
}

/**
 * Sets the rate of every endpoint that has one in the fair queue of reports, where an endpoint stands as a tenant. Safe to
 * repeat, and meant to be: it mends what a flushed or absent Redis has missed.
 * @param before what the last call answered: of those, rates that hold no more are lifted
 */
export async function syncEndpointRates(
  { database, fair }: { database: Database; fair: FairQueue },
  before: readonly EndpointRate[] = [],
): Promise<EndpointRate[]> {
  const rows = await database.endpoint.findMany({
    where: { enabled: true, perSecond: { not: null } },
    select: { id: true, perSecond: true },
  });
  const inForce = rows.flatMap(({ id, perSecond }) => (perSecond === null ? [] : [{ id, perSecond }]));
  const kept = new Set(inForce.map(({ id }) => id));
  const lifted = before.filter(({ id }) => !kept.has(id));
  await Promise.all([
    ...lifted.map(({ id }) => fair.setRate({ tenantId: id }, null)),
    ...inForce.map(({ id, perSecond }) => {
      const burst = Math.max(1, Math.ceil(perSecond));
      return fair.setRate({ tenantId: id }, { perSecond, burst });
    }),
  ]);
  return inForce;
}
