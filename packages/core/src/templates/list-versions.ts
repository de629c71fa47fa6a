import type { Database, Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import { type Page, type PageRequest, pageOf } from "../page";
import { getTemplate } from "./get-template";

/**
 * A page of a template's versions, newest first.
 * @param page `after`: number of the last version of the page before
 * @throws {Refusal} not_found, invalid_cursor
 */
export async function listVersions(
  database: Database,
  tenantId: string,
  key: string,
  { limit, after }: PageRequest,
): Promise<Page<Prisma.TemplateVersionModel>> {
  const before = after === undefined ? undefined : Number(after);
  if (before !== undefined && !/^\d{1,9}$/.test(after ?? "")) {
    throw new Refusal("invalid_cursor", "Use nextCursor of the page before, as it is.");
  }
  const { id: templateId } = await getTemplate(database, tenantId, key);
  const rows = await database.templateVersion.findMany({
    where: { tenantId, templateId, ...(before !== undefined && { version: { lt: before } }) },
    orderBy: { version: "desc" },
    take: limit + 1,
  });
  return pageOf(rows, limit);
}
