import type { Database } from "@tidings/db/client";

/**
 * Limits the requests a second of a tenant, over all its keys. Processes that know its keys take it up within a minute.
 * @param requestsPerSecond null: the platform's default
 */
export async function setRequestLimit(
  database: Database,
  tenantId: string,
  requestsPerSecond: number | null,
): Promise<void> {
  await database.tenant.update({ where: { id: tenantId }, data: { requestsPerSecond } });
}
