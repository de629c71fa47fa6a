import type { Database } from "@tidings/db/client";

/**
 * Limits the requests a second of a tenant, over all its keys, by the operator's wish, whatever its plan has. Its team may want
 * less, never more. Processes that know its keys take it up within a minute.
 * @param requestsPerSecond null: its plan's, else the platform's default
 */
export async function setRequestLimit(
  database: Database,
  tenantId: string,
  requestsPerSecond: number | null,
): Promise<void> {
  await database.tenant.update({ where: { id: tenantId }, data: { requestsPerSecond } });
}
