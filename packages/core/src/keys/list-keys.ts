import type { Database, Prisma } from "@tidings/db/client";
import type { Mode } from "@tidings/shared/modes";
import { type Page, type PageRequest, pageOf } from "../page";

/** What a list of keys is narrowed down by. */
export interface KeyFilters {
  mode?: Mode | undefined;
  /** Leaves out the revoked and the expired. */
  usable?: boolean | undefined;
}

/**
 * A page of a tenant's keys, newest first, unless told otherwise the revoked and expired among them.
 * @param page `after`: UUID of the last key of the page before
 */
export async function listKeys(
  database: Database,
  tenantId: string,
  { limit, after }: PageRequest,
  { mode, usable = false }: KeyFilters = {},
): Promise<Page<Prisma.ApiKeyModel>> {
  const rows = await database.apiKey.findMany({
    where: {
      tenantId,
      ...(mode && { mode }),
      ...(usable && { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] }),
      ...(after && { id: { lt: after } }),
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  return pageOf(rows, limit);
}
