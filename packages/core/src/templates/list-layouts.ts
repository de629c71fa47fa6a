import type { Database } from "@tidings/db/client";

/** A template whose published email can surround others'. */
export interface LayoutSummary {
  key: string;
  name: string;
}

/** The templates of a tenant that can be named as a layout, by name: published, without a layout themselves. */
export async function listLayouts(database: Database, tenantId: string): Promise<LayoutSummary[]> {
  return await database.$queryRaw<LayoutSummary[]>`
    SELECT t.key, t.name FROM template AS t JOIN template_version AS v
      ON v.tenant_id = t.tenant_id AND v.template_id = t.id AND v.version = t.published_version
    WHERE t.tenant_id = ${tenantId}::uuid AND v.content -> 'layout' IS NULL AND EXISTS (
      SELECT FROM jsonb_each(v.content -> 'locales') AS l
      WHERE coalesce(l.value #>> '{email,mjml}', l.value #>> '{email,html}') ~ '\\{\\{-?\\s*content\\s*(\\|\\s*raw\\s*)?-?\\}\\}')
    ORDER BY t.name, t.key`;
}
