import { isDeepStrictEqual } from "node:util";
import type { Database, Prisma, Transaction } from "@tidings/db/client";
import { compileDraft, listVariables } from "./compile-draft";
import { changedMeanwhile, getTemplate } from "./get-template";
import { lockTemplate } from "./lock-template";
import type { CompiledContent, TemplateContent } from "./template-content";
import type { PublishTemplateBody } from "./template-schemas";

/** How often a draft is compiled that others change meanwhile. */
const maxTries = 3;

/**
 * Publishes a template's draft as its next version. Publishing twice at once makes two versions, unless they name what they
 * have read. Notifications that were accepted keep the version they have.
 *
 * Compiling can take long, so it is done before the transaction, which then writes only what still stands.
 * @throws {Refusal} not_found; template_invalid, when its layout has changed since the draft was written; conflict, when it
 * was changed or published since `ifUpdatedAt`, or it or its layout changes again and again; overloaded
 */
export async function publishTemplate(
  database: Database,
  tenantId: string,
  key: string,
  { ifUpdatedAt }: PublishTemplateBody = {},
): Promise<Prisma.TemplateVersionModel> {
  for (let tries = 1; ; tries += 1) {
    const read = await getTemplate(database, tenantId, key);
    refuseUnlessRead(read, ifUpdatedAt);
    const content = await compileDraft(database, tenantId, read.draft as unknown as TemplateContent);
    const data = { content: content as unknown as Prisma.InputJsonObject, variables: listVariables(content) };
    const published = await database.$transaction(async (transaction) => {
      await lockTemplate(transaction, tenantId, key);
      const template = await getTemplate(transaction, tenantId, key);
      refuseUnlessRead(template, ifUpdatedAt);
      const isSame = isDeepStrictEqual(template.draft, read.draft); // unlike `updatedAt`, as is after another's publish
      if (!isSame || !(await hasLayoutOf(transaction, tenantId, content))) return null;
      const { id: templateId, publishedVersion } = template;
      const version = (publishedVersion ?? 0) + 1;
      await transaction.template.update({
        where: { tenantId_id: { tenantId, id: templateId } },
        data: { publishedVersion: version },
      });
      return transaction.templateVersion.create({ data: { tenantId, templateId, version, ...data } });
    });
    if (published) return published;
    if (tries === maxTries) throw changedMeanwhile(await getTemplate(database, tenantId, key));
  }
}

function refuseUnlessRead(template: Prisma.TemplateModel, ifUpdatedAt: string | undefined): void {
  if (ifUpdatedAt !== undefined && Date.parse(ifUpdatedAt) !== template.updatedAt.getTime())
    throw changedMeanwhile(template);
}

/** Whether the layout that content was compiled with is still the published one. */
async function hasLayoutOf(
  transaction: Transaction,
  tenantId: string,
  { layout, layoutVersion }: CompiledContent,
): Promise<boolean> {
  if (layout === undefined) return true;
  const where = { tenantId_key: { tenantId, key: layout } };
  const found = await transaction.template.findUnique({ where, select: { publishedVersion: true } });
  return found?.publishedVersion === layoutVersion;
}
