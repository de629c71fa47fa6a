import type { Database, Prisma } from "@tidings/db/client";
import type { Owner } from "../owner";
import { type Page, type PageRequest, pageOf } from "../page";

/** A page of a tenant's endpoints, newest first, the disabled among them. */
export async function listEndpoints(
  database: Database,
  { tenantId, mode }: Owner,
  { limit, after }: PageRequest,
): Promise<Page<Prisma.EndpointModel>> {
  const rows = await database.endpoint.findMany({
    where: { tenantId, mode, ...(after !== undefined && { id: { lt: after } }) },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  return pageOf(rows, limit);
}
