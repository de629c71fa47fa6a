import type { Database, Transaction } from "@tidings/db/client";
import { chooseLocale } from "./choose-locale";
import { type EmailSource, isLayout } from "./compile-email";
import type { CompiledContent } from "./template-content";

/** A published layout. */
export interface Layout {
  version: number;
  /** Its email for a locale; null when it has none, not even in its default locale. */
  emailFor(locale: string): EmailSource | null;
}

/** Finds the published layout of a tenant by its key, or says why it can't be one. */
export async function findLayout(
  database: Database | Transaction,
  tenantId: string,
  key: string,
): Promise<{ ok: true; layout: Layout } | { ok: false; message: string }> {
  const template = await database.template.findUnique({
    where: { tenantId_key: { tenantId, key } },
    select: { id: true, publishedVersion: true },
  });
  if (!template) return { ok: false, message: `there is no template ${key}` };
  if (template.publishedVersion === null) return { ok: false, message: `the template ${key} isn't published yet` };
  const { id: templateId, publishedVersion: version } = template;
  const { content: stored } = await database.templateVersion.findUniqueOrThrow({
    where: { tenantId_templateId_version: { tenantId, templateId, version } },
    select: { content: true },
  });
  const content = stored as unknown as CompiledContent;
  if (content.layout !== undefined) return { ok: false, message: `the template ${key} has a layout itself` };
  const emails = Object.values(content.locales).flatMap(({ email }) => (email ? [email as EmailSource] : []));
  if (emails.length === 0 || !emails.every(isLayout)) {
    return { ok: false, message: `the email of the template ${key} has no {{ content }}` };
  }
  const emailFor = (locale: string) => {
    const nearest = chooseLocale(content, "email", locale);
    return nearest === null ? null : (content.locales[nearest]?.email as EmailSource);
  };
  return { ok: true, layout: { version, emailFor } };
}
