import type { Database, Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";

/**
 * A key of a tenant.
 * @param id UUID of its row
 * @throws {Refusal} `not_found`
 */
export async function getKey(database: Database, tenantId: string, id: string): Promise<Prisma.ApiKeyModel> {
  const row = await database.apiKey.findFirst({ where: { tenantId, id } });
  if (!row) throw new Refusal("not_found", "There is no such API key.");
  return row;
}
