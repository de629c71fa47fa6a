import type { Database, Prisma } from "@tidings/db/client";

/**
 * A page of all tenants, oldest first.
 * @param page `after`: UUID of the last tenant of the page before
 */
export async function listTenants(
  database: Database,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<{ rows: Prisma.TenantModel[]; hasMore: boolean }> {
  const rows = await database.tenant.findMany({
    where: after ? { id: { gt: after } } : {},
    orderBy: { id: "asc" },
    take: limit + 1,
  });
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit };
}
