import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { Refusal } from "@tidings/shared/refusals";
import { afterAll } from "vitest";
import { createTestDatabase } from "../../../../../tests/setup/test-services";
import { createTemplate } from "../create-template";
import { publishTemplate } from "../publish-template";
import type { CompiledContent } from "../template-content";
import { createTemplateBody } from "../template-schemas";

/** Templates in a database of their own, of one tenant. */
export async function startTemplates() {
  const database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
  afterAll(() => database.$disconnect());
  const { id: tenantId } = await createTestTenant(database);

  let made = 0;
  /** A new template with the given content in English, or with a whole draft. */
  function make(content: object, { key = `template_${++made}`, draft = {} } = {}) {
    const whole = { defaultLocale: "en", locales: { en: content }, ...draft };
    return createTemplate(database, tenantId, createTemplateBody.parse({ key, name: "Test", draft: whole }));
  }
  async function makePublished(content: object, options: { key?: string; draft?: object } = {}) {
    const { key } = await make(content, options);
    return { key, version: await publishTemplate(database, tenantId, key) };
  }
  return { database, tenantId, make, makePublished };
}

/** A page of an email around a place. */
export const mjmlPage = (
  place: string,
) => `<mjml><mj-body><mj-section><mj-column><mj-text>Tidings</mj-text></mj-column></mj-section>
  <mj-raw>${place}</mj-raw></mj-body></mjml>`;

/** The compiled email in English. */
export const htmlOf = ({ content }: { content: unknown }) => (content as CompiledContent).emails?.en?.html ?? "";

/** What a refusal says: its code, then each fault with its place. */
export const faultsOf = (promise: Promise<unknown>) =>
  promise.then(
    () => [],
    (error: unknown) =>
      error instanceof Refusal
        ? [error.code, ...error.faults.map((fault) => `${fault.pointer} ${fault.message}`)]
        : [String(error)],
  );
