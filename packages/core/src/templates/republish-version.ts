import type { Database, Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import { getTemplate } from "./get-template";
import { lockTemplate } from "./lock-template";
import type { RepublishVersionBody } from "./template-schemas";

/**
 * Publishes what an earlier version says as the next version, to the letter: also the layout it was published with. So
 * versions are never taken back, and their numbers tell what was sent when. The draft stays as it is.
 * @throws {Refusal} not_found; conflict, when it is the newest version already, or another than `ifPublishedVersion` is
 */
export function republishVersion(
  database: Database,
  tenantId: string,
  key: string,
  version: number,
  { ifPublishedVersion }: RepublishVersionBody = {},
): Promise<Prisma.TemplateVersionModel> {
  return database.$transaction(async (transaction) => {
    await lockTemplate(transaction, tenantId, key);
    const { id: templateId, publishedVersion } = await getTemplate(transaction, tenantId, key);
    const earlier = await transaction.templateVersion.findUnique({
      where: { tenantId_templateId_version: { tenantId, templateId, version } },
    });
    if (!earlier || publishedVersion === null)
      throw new Refusal("not_found", `The template has no version ${version}.`);
    if (version === publishedVersion) throw new Refusal("conflict", `Version ${version} is the one that is published.`);
    if (ifPublishedVersion !== undefined && ifPublishedVersion !== publishedVersion)
      throw new Refusal("conflict", `Version ${publishedVersion} was published meanwhile.`);
    const next = publishedVersion + 1;
    await transaction.template.update({
      where: { tenantId_id: { tenantId, id: templateId } },
      data: { publishedVersion: next },
    });
    const { content, variables } = earlier;
    return transaction.templateVersion.create({
      data: { tenantId, templateId, version: next, content: content as Prisma.InputJsonObject, variables },
    });
  });
}
