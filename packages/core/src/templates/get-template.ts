import type { Database, Prisma, Transaction } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";

/**
 * A template of a tenant by its key.
 * @throws {Refusal} not_found
 */
export async function getTemplate(
  database: Database | Transaction,
  tenantId: string,
  key: string,
): Promise<Prisma.TemplateModel> {
  const template = await database.template.findUnique({ where: { tenantId_key: { tenantId, key } } });
  if (!template) throw noTemplate(key);
  return template;
}

/** The refusal for a key that no template of the tenant has. */
export function noTemplate(key: string): Refusal {
  return new Refusal("not_found", `There is no template ${key}.`);
}

/** The refusal for who has read another state of the template than there is. */
export function changedMeanwhile({ updatedAt }: Pick<Prisma.TemplateModel, "updatedAt">): Refusal {
  return new Refusal("conflict", `The template was changed meanwhile, at ${updatedAt.toISOString()}.`);
}
