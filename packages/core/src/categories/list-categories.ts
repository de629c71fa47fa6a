import type { Database, Prisma } from "@tidings/db/client";
import { type Page, type PageRequest, pageOf } from "../page";

/** A page of a tenant's categories, in the order of their keys. */
export async function listCategories(
  database: Database,
  tenantId: string,
  { limit, after }: PageRequest,
): Promise<Page<Prisma.CategoryModel>> {
  const rows = await database.category.findMany({
    where: { tenantId, ...(after !== undefined && { key: { gt: after } }) },
    orderBy: { key: "asc" },
    take: limit + 1,
  });
  return pageOf(rows, limit);
}
