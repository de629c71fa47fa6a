import type { Database } from "@tidings/db/client";
import { routingEventTypes } from "./routing-events";

/** Which tenants have to be asked more of than their notifications: most have to of neither. */
export interface TenantWishes {
  /** Those with any suppression. */
  suppressing: ReadonlySet<string>;
  /** Those with an endpoint that wants to know what routing tells. */
  watching: ReadonlySet<string>;
}

/** Patterns by which an endpoint asks for what routing tells. */
const toldPatterns = [...new Set(["*", ...routingEventTypes.flatMap((type) => [`${type.split(".")[0]}.*`, type])])];

/** What the tenants of notifications want, in one look at two indexes for each of them. */
export async function loadTenantWishes(
  database: Database,
  notifications: readonly { tenantId: string }[],
): Promise<TenantWishes> {
  const tenantIds = [...new Set(notifications.map(({ tenantId }) => tenantId))];
  const rows = await database.direct.$queryRaw<{ id: string; suppressing: boolean; watching: boolean }[]>`
    SELECT given.id,
      EXISTS (SELECT FROM suppression WHERE tenant_id = given.id) AS suppressing,
      EXISTS (SELECT FROM endpoint WHERE tenant_id = given.id AND enabled AND events && ${toldPatterns}::text[]) AS watching
    FROM unnest(${tenantIds}::uuid[]) AS given (id)`;
  return {
    suppressing: new Set(rows.filter(({ suppressing }) => suppressing).map(({ id }) => id)),
    watching: new Set(rows.filter(({ watching }) => watching).map(({ id }) => id)),
  };
}
