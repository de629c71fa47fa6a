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

it("a draft's emails have one time to be compiled in, and not each its own", async () => {
  const email = (words: number) => ({ email: { subject: "s", mjml: mjmlPage("word ".repeat(words)) } });
  const locales = Object.fromEntries(
    Array.from({ length: 26 }, (_, at) => [`a${String.fromCharCode(97 + at)}`, email(at)]),
  );
  const draft = { defaultLocale: "aa", locales };
  const one = { defaultLocale: "aa", locales: { aa: email(1) } };
  await compileDraft(database, tenantId, one); // the thread has begun
  const tookMs = await timeOf(compileDraft(database, tenantId, one));
  const faults = await faultsOf(compileDraft(database, tenantId, draft, Math.ceil(tookMs * 2)));
  expect(faults[0]).toBe("template_invalid");
  expect(faults.slice(1)).toEqual([
    expect.stringMatching(/^\/draft\/locales\/a[b-y]\/email\/mjml with the emails before it, takes longer than \d+ ms/),
  ]);
  expect(Object.keys((await compileDraft(database, tenantId, draft)).emails ?? {})).toHaveLength(26);
});

async function timeOf(working: Promise<unknown>): Promise<number> {
  const begunAt = performance.now();
  await working;
  return performance.now() - begunAt;
}

it("a tenant that has too much compiled at once is told to try again", async () => {
  const draft = { defaultLocale: "en", locales: { en: { email: { subject: "s", mjml: mjmlPage("x") } } } };
  const answers = await Promise.all(Array.from({ length: 9 }, () => faultsOf(compileDraft(database, tenantId, draft))));
  expect(answers.filter((faults) => faults.length > 0)).toEqual([["overloaded"]]);
});
