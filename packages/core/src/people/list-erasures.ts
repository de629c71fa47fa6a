import type { Database, Prisma } from "@tidings/db/client";
import { type Page, type PageRequest, pageOf } from "../page";

/** A page of a tenant's erasures, newest first. */
export async function listErasures(
  database: Database,
  tenantId: string,
  { limit, after }: PageRequest,
): Promise<Page<Prisma.ErasureModel>> {
  const rows = await database.erasure.findMany({
    where: { tenantId, ...(after !== undefined && { id: { lt: after } }) },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  return pageOf(rows, limit);
}
