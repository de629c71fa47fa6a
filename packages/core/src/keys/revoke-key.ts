import type { Database, Prisma } from "@tidings/db/client";
import { getKey } from "./get-key";

/**
 * Ends a key for good; every process refuses it within a second. Revoking it again changes nothing.
 * @param id UUID of its row
 * @throws {Refusal} `not_found` when the tenant has no such key
 */
export async function revokeKey(database: Database, tenantId: string, id: string): Promise<Prisma.ApiKeyModel> {
  // The database's clock, by which revocations are watched.
  await database.$executeRaw`
    UPDATE api_key SET revoked_at = clock_timestamp()
    WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid AND revoked_at IS NULL`;
  return await getKey(database, tenantId, id);
}
