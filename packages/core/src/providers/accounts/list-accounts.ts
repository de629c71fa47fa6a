import type { Database, Prisma } from "@tidings/db/client";
import { type Page, type PageRequest, pageOf } from "../../page";

/**
 * A page of a tenant's provider accounts, newest first, the disabled among them.
 * @param page `after`: UUID of the last account of the page before
 */
export async function listAccounts(
  database: Database,
  tenantId: string,
  { limit, after }: PageRequest,
): Promise<Page<Prisma.ProviderAccountModel>> {
  const rows = await database.providerAccount.findMany({
    where: { tenantId, ...(after && { id: { lt: after } }) },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  return pageOf(rows, limit);
}
