import { type Database, Prisma } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import { compileDraft } from "./compile-draft";
import type { CreateTemplateBody } from "./template-schemas";

/**
 * Makes a template, unpublished.
 * @throws {Refusal} template_invalid, already_exists, overloaded
 */
export async function createTemplate(
  database: Database,
  tenantId: string,
  { key, name, category = null, draft }: CreateTemplateBody,
): Promise<Prisma.TemplateModel> {
  await compileDraft(database, tenantId, draft);
  const data = { id: newUuid(), tenantId, key, name, category, draft: draft as Prisma.InputJsonObject };
  return database.template.create({ data }).catch((error: unknown) => {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002")) throw error;
    const faults = [{ pointer: "/key", message: "is the key of another template" }];
    throw new Refusal("already_exists", `There is a template ${key} already.`, { faults, cause: error });
  });
}
