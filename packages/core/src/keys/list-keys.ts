import type { Database, Prisma } from "@tidings/db/client";
import { type Page, type PageRequest, pageOf } from "../page";

/**
 * A page of a tenant's keys, newest first, the revoked and expired among them.
 * @param page `after`: UUID of the last key of the page before
 */
export async function listKeys(
  database: Database,
  tenantId: string,
  { limit, after }: PageRequest,
): Promise<Page<Prisma.ApiKeyModel>> {
  const rows = await database.apiKey.findMany({
    where: { tenantId, ...(after && { id: { lt: after } }) },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  return pageOf(rows, limit);
}
