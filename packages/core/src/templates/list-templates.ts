import type { Database, Prisma } from "@tidings/db/client";
import { type Page, type PageRequest, pageOf } from "../page";

/** A template without its draft, which a list has no use for. */
export type TemplateSummary = Omit<Prisma.TemplateModel, "draft">;

/**
 * A page of a tenant's templates, newest first.
 * @param page `after`: UUID of the last template of the page before
 */
export async function listTemplates(
  database: Database,
  tenantId: string,
  { limit, after }: PageRequest,
): Promise<Page<TemplateSummary>> {
  const rows = await database.template.findMany({
    where: { tenantId, ...(after && { id: { lt: after } }) },
    omit: { draft: true },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  return pageOf(rows, limit);
}
