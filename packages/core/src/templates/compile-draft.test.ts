import { expect, it } from "vitest";
import { compileDraft } from "./compile-draft";
import { hostileMjml } from "./testing/hostile-mjml";
import { faultsOf, mjmlPage, startTemplates } from "./testing/start-templates";

const { database, tenantId } = await startTemplates();

it("a draft is compiled up to the first email that takes too long", async () => {
  const hostile = { email: { subject: "s", mjml: hostileMjml } };
  const draft = { defaultLocale: "en", locales: { en: hostile, de: hostile, fr: hostile } };
  expect(await faultsOf(compileDraft(database, tenantId, draft))).toEqual([
    "template_invalid",
    "/draft/locales/en/email/mjml takes longer than 3000 ms to compile",
  ]);
});

it("a tenant that has too much compiled at once is told to try again", async () => {
  const draft = { defaultLocale: "en", locales: { en: { email: { subject: "s", mjml: mjmlPage("x") } } } };
  const answers = await Promise.all(Array.from({ length: 9 }, () => faultsOf(compileDraft(database, tenantId, draft))));
  expect(answers.filter((faults) => faults.length > 0)).toEqual([["overloaded"]]);
});
