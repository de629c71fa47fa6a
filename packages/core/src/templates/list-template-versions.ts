import type { Database, Prisma } from "@tidings/db/client";
import { type Page, type PageRequest, pageOf } from "../page";
import { getTemplate } from "./get-template";

/**
 * A page of a template's versions, newest first.
 * @param page `after`: number of the last version of the page before
 * @throws {Refusal} not_found
 */
export async function listTemplateVersions(
  database: Database,
  tenantId: string,
  key: string,
  { limit, after }: PageRequest,
): Promise<Page<Prisma.TemplateVersionModel>> {
  const { id: templateId } = await getTemplate(database, tenantId, key);
  const rows = await database.templateVersion.findMany({
    where: { tenantId, templateId, ...(after !== undefined && { version: { lt: Number(after) } }) },
    orderBy: { version: "desc" },
    take: limit + 1,
  });
  return pageOf(rows, limit);
}
