import type { Database, Prisma } from "@tidings/db/client";

/**
 * A page of a tenant's keys, newest first, the revoked and expired among them.
 * @param page `after`: UUID of the last key of the page before
 */
export async function listKeys(
  database: Database,
  tenantId: string,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<{ rows: Prisma.ApiKeyModel[]; hasMore: boolean }> {
  const rows = await database.apiKey.findMany({
    where: { tenantId, ...(after && { id: { lt: after } }) },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit };
}
