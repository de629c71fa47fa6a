import type { Database, Prisma } from "@tidings/db/client";
import { type Page, type PageRequest, pageOf } from "../page";

/**
 * A page of all tenants, oldest first.
 * @param page `after`: UUID of the last tenant of the page before
 */
export async function listTenants(
  database: Database,
  { limit, after }: PageRequest,
): Promise<Page<Prisma.TenantModel>> {
  const rows = await database.tenant.findMany({
    where: after ? { id: { gt: after } } : {},
    orderBy: { id: "asc" },
    take: limit + 1,
  });
  return pageOf(rows, limit);
}
