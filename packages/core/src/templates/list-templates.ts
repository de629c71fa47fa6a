import { type Database, Prisma } from "@tidings/db/client";
import { type Page, type PageRequest, pageOf } from "../page";
import type { TemplateFilters } from "./template-schemas";

/** A template without its draft, which a list has no use for. */
export interface TemplateSummary extends Omit<Prisma.TemplateModel, "draft"> {
  /** Those its draft has content for, in order. */
  channels: string[];
  /** Whether the draft differs from the newest version; true before the first. */
  hasUnpublishedChanges: boolean;
}

/**
 * A page of a tenant's templates, newest first.
 * @param page `after`: UUID of the last template of the page before
 */
export async function listTemplates(
  database: Database,
  tenantId: string,
  { limit, after }: PageRequest,
  { q, category, channel }: TemplateFilters = {},
): Promise<Page<TemplateSummary>> {
  const channels = Prisma.sql`ARRAY(
    SELECT DISTINCT c FROM jsonb_each(t.draft -> 'locales') AS l, jsonb_object_keys(l.value) AS c ORDER BY c)`;
  const wanted = [Prisma.sql`t.tenant_id = ${tenantId}::uuid`];
  if (after !== undefined) wanted.push(Prisma.sql`t.id < ${after}::uuid`);
  if (q !== undefined) wanted.push(Prisma.sql`strpos(lower(t.key || ' ' || t.name), lower(${q})) > 0`);
  if (category !== undefined) wanted.push(Prisma.sql`t.category = ${category}`);
  if (channel !== undefined) wanted.push(Prisma.sql`${channel} = ANY(${channels})`);
  const rows = await database.$queryRaw<TemplateSummary[]>`
    SELECT t.id, t.tenant_id AS "tenantId", t.key, t.name, t.category, t.published_version AS "publishedVersion",
      t.created_at AS "createdAt", t.updated_at AS "updatedAt", ${channels} AS channels,
      t.draft IS DISTINCT FROM (v.content - 'emails' - 'layoutVersion') AS "hasUnpublishedChanges"
    FROM template AS t LEFT JOIN template_version AS v
      ON v.tenant_id = t.tenant_id AND v.template_id = t.id AND v.version = t.published_version
    WHERE ${Prisma.join(wanted, " AND ")}
    ORDER BY t.id DESC LIMIT ${limit + 1}`;
  return pageOf(rows, limit);
}

/** The categories that a tenant's templates are of, in order. */
export async function listTemplateCategories(database: Database, tenantId: string): Promise<string[]> {
  const rows = await database.template.findMany({
    where: { tenantId, category: { not: null } },
    distinct: ["category"],
    select: { category: true },
    orderBy: { category: "asc" },
  });
  return rows.flatMap(({ category }) => category ?? []);
}
