import type { Database, Prisma } from "@tidings/db/client";
import { compileDraft, listVariables } from "./compile-draft";
import { changedMeanwhile, getTemplate } from "./get-template";
import { lockTemplate } from "./lock-template";
import type { TemplateContent } from "./template-content";
import type { PublishTemplateBody } from "./template-schemas";

/** Long enough for every locale's MJML, one after the other, on a busy machine. */
const timeoutMs = 30_000;

/**
 * Publishes a template's draft as its next version. Publishing twice at once makes two versions, unless they name what they
 * have read. Notifications that were accepted keep the version they have.
 * @throws {Refusal} not_found; template_invalid, when its layout has changed since the draft was written; conflict, when it
 * was changed or published since `ifUpdatedAt`
 */
export function publishTemplate(
  database: Database,
  tenantId: string,
  key: string,
  { ifUpdatedAt }: PublishTemplateBody = {},
): Promise<Prisma.TemplateVersionModel> {
  return database.$transaction(
    async (transaction) => {
      await lockTemplate(transaction, tenantId, key);
      const template = await getTemplate(transaction, tenantId, key);
      if (ifUpdatedAt !== undefined && Date.parse(ifUpdatedAt) !== template.updatedAt.getTime())
        throw changedMeanwhile(template);
      const { id: templateId, draft, publishedVersion } = template;
      const content = await compileDraft(transaction, tenantId, draft as unknown as TemplateContent);
      const version = (publishedVersion ?? 0) + 1;
      await transaction.template.update({
        where: { tenantId_id: { tenantId, id: templateId } },
        data: { publishedVersion: version },
      });
      const stored = content as unknown as Prisma.InputJsonObject;
      return transaction.templateVersion.create({
        data: { tenantId, templateId, version, content: stored, variables: listVariables(content) },
      });
    },
    { timeout: timeoutMs },
  );
}
