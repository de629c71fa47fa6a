import type { Database, Prisma } from "@tidings/db/client";
import { compileDraft } from "./compile-draft";
import { changedMeanwhile, getTemplate } from "./get-template";
import type { UpdateTemplateBody } from "./template-schemas";

/**
 * Changes a template's name, category or draft. What is published stays as it is.
 * @throws {Refusal} not_found, template_invalid, overloaded; conflict, when it was changed since `ifUpdatedAt`
 */
export async function updateTemplate(
  database: Database,
  tenantId: string,
  key: string,
  { name, category, draft, ifUpdatedAt }: UpdateTemplateBody,
): Promise<Prisma.TemplateModel> {
  if (draft) await compileDraft(database, tenantId, draft);
  const [template] = await database.template.updateManyAndReturn({
    where: { tenantId, key, ...(ifUpdatedAt !== undefined && { updatedAt: new Date(ifUpdatedAt) }) },
    data: {
      ...(name !== undefined && { name }),
      ...(category !== undefined && { category }),
      ...(draft && { draft: draft as Prisma.InputJsonObject }),
    },
  });
  if (template) return template;
  throw changedMeanwhile(await getTemplate(database, tenantId, key));
}
