import { describe, expect, it, test } from "vitest";
import { z } from "zod";
import {
  createTemplateBody,
  previewBody,
  publicPreview,
  publicTemplate,
  publicVersion,
  updateTemplateBody,
} from "./template-schemas";

const draft = { defaultLocale: "en", locales: { en: { sms: { text: "Hi" } } } };
const body = { key: "order_shipped", name: "Order shipped", draft };

describe("createTemplateBody", () => {
  it("takes every channel, in several locales", () => {
    const locales = {
      en: {
        email: { subject: "s", mjml: "<mjml/>" },
        sms: { text: "t" },
        whatsapp: { text: "t" },
        push: { title: "t", body: "b", data: { a: "{{ a }}" } },
        in_app: { title: "t", body: "b", data: { a: [1] } },
        webhook: { payload: { a: null } },
        chat: { text: "t", title: "{{ a }}" },
      },
      "pt-BR": { sms: { text: "t" } },
    };
    expect(createTemplateBody.parse({ ...body, draft: { ...draft, locales } }).draft.locales).toEqual(locales);
  });

  const manyLocales = Array.from({ length: 50 }, (_, n) => `de-x-n${n}`);
  const content = (locales: unknown, rest = {}) => ({ ...body, draft: { ...draft, locales, ...rest } });
  test.each<[string, unknown, string, RegExp]>([
    ["an unknown field", { ...body, nope: 1 }, "", /nope/],
    ["a bad key", { ...body, key: "Order shipped" }, "key", /lower-case letters/],
    ["a blank name", { ...body, name: "  " }, "name", /./],
    ["no draft", { key: "a", name: "a" }, "draft", /./],
    ["an unknown channel", content({ en: { fax: { text: "x" } } }), "draft/locales/en", /fax/],
    [
      "an unknown field of a channel",
      content({ en: { sms: { text: "x", html: "x" } } }),
      "draft/locales/en/sms",
      /html/,
    ],
    [
      "both HTML and MJML",
      content({ en: { email: { subject: "s", html: "x", mjml: "x" } } }),
      "draft/locales/en/email",
      /html or mjml, not both/,
    ],
    ["a locale without content", content({ en: {} }), "draft/locales/en", /at least one channel/],
    ["no locales", content({}), "draft/locales", /must have the default locale, en/],
    [
      "a locale that is none",
      content({ ...draft.locales, english: { sms: { text: "x" } }, "e n": {} }),
      "draft/locales/e n",
      /BCP 47 locale/,
    ],
    [
      "a locale in another spelling",
      content({ ...draft.locales, "pt-br": { sms: { text: "x" } } }),
      "draft/locales/pt-br",
      /must be written pt-BR/,
    ],
    [
      "a default locale that has nothing",
      content(draft.locales, { defaultLocale: "de" }),
      "draft/locales",
      /must have the default locale, de/,
    ],
    [
      "more locales than anyone speaks",
      content({ ...draft.locales, ...Object.fromEntries(manyLocales.map((locale) => [locale, draft.locales.en])) }),
      "draft/locales",
      /must have at most 50 locales, not 51/,
    ],
    ["a bad layout key", content(draft.locales, { layout: "../x" }), "draft/layout", /lower-case/],
  ])("refuses %s", (_name, input, path, message) => {
    const { error } = createTemplateBody.safeParse(input);
    const issues = error?.issues.map((issue) => `${issue.path.join("/")}: ${flatten(issue)}`) ?? [];
    expect(issues).toContainEqual(expect.stringMatching(new RegExp(`^${path}: .*${message.source}`)));
  });
});

/** The words of an issue, with those of the issues within it. */
function flatten(issue: z.core.$ZodIssue): string {
  return issue.code === "invalid_key" ? issue.issues.map(({ message }) => message).join() : issue.message;
}

it("updateTemplateBody takes any part, but not the key", () => {
  expect(updateTemplateBody.parse({})).toEqual({});
  expect(updateTemplateBody.parse({ category: null })).toEqual({ category: null });
  expect(updateTemplateBody.safeParse({ key: "x" }).success).toBe(false);
});

it("previewBody fills in what is left out", () => {
  expect(previewBody.parse({})).toEqual({ data: {}, recipient: {} });
  expect(previewBody.safeParse({ version: 0 }).success).toBe(false);
});

test.each(
  Object.entries({ createTemplateBody, updateTemplateBody, previewBody, publicTemplate, publicVersion, publicPreview }),
)("%s can be documented as JSON Schema", (_name, schema) => {
  expect(() => z.toJSONSchema(schema, { io: "input" })).not.toThrow();
});
