import type { Database, Prisma } from "@tidings/db/client";
import { compileDraft } from "./compile-draft";
import { noTemplate } from "./get-template";
import type { UpdateTemplateBody } from "./template-schemas";

/**
 * Changes a template's name, category or draft. What is published stays as it is.
 * @throws {Refusal} not_found, template_invalid
 */
export async function updateTemplate(
  database: Database,
  tenantId: string,
  key: string,
  { name, category, draft }: UpdateTemplateBody,
): Promise<Prisma.TemplateModel> {
  if (draft) await compileDraft(database, tenantId, draft);
  const [template] = await database.template.updateManyAndReturn({
    where: { tenantId, key },
    data: {
      ...(name !== undefined && { name }),
      ...(category !== undefined && { category }),
      ...(draft && { draft: draft as Prisma.InputJsonObject }),
    },
  });
  if (!template) throw noTemplate(key);
  return template;
}
