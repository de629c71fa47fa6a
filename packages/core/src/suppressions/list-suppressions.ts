import type { Database, Prisma } from "@tidings/db/client";
import { type Page, type PageRequest, pageOf } from "../page";
import type { SuppressionSearch } from "./suppression-schemas";

/** A page of a tenant's suppressions, newest first. */
export async function listSuppressions(
  database: Database,
  tenantId: string,
  filters: SuppressionSearch,
  { limit, after }: PageRequest,
): Promise<Page<Prisma.SuppressionModel>> {
  const rows = await database.suppression.findMany({
    where: { tenantId, ...whereOf(filters), ...(after !== undefined && { id: { lt: after } }) },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  return pageOf(rows, limit);
}

function whereOf({ channel, address, q, category, reason }: SuppressionSearch): Prisma.SuppressionWhereInput {
  return {
    ...(channel !== undefined && { channel }),
    ...(address !== undefined && { address: { in: [address, address.toLowerCase()] } }), // as email addresses are held
    ...(q !== undefined && { OR: [q, q.toLowerCase()].map((beginning) => ({ address: { startsWith: beginning } })) }),
    ...(category !== undefined && { category }),
    ...(reason !== undefined && { reason }),
  };
}
