import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { channelsOf, chooseLocale } from "./choose-locale";

const sms = { sms: { text: "x" } };
const email = { email: { subject: "x", text: "x" } };

describe("chooseLocale", () => {
  test.each([
    ["the locale itself", "pt-BR", ["en", "pt", "pt-BR"], "pt-BR"],
    ["its language", "pt-BR", ["en", "pt"], "pt"],
    ["its language in its script", "zh-Hant-TW", ["en", "zh", "zh-Hant"], "zh-Hant"],
    ["the default, not another region", "pt-PT", ["en", "pt-BR"], "en"],
    ["the default, not a locale that begins alike", "pt", ["en", "pt-BR"], "en"],
    ["the default for nobody's language", null, ["en", "pt"], "en"],
  ])("chooses %s", (_name, wanted, given, chosen) => {
    const locales = Object.fromEntries(given.map((locale) => [locale, sms]));
    expect(chooseLocale({ defaultLocale: "en", locales }, "sms", wanted)).toBe(chosen);
  });

  it("falls back channel by channel", () => {
    const content = { defaultLocale: "en", locales: { en: { ...sms, ...email }, pt: sms } };
    expect(chooseLocale(content, "sms", "pt-BR")).toBe("pt");
    expect(chooseLocale(content, "email", "pt-BR")).toBe("en");
    expect(chooseLocale(content, "push", "pt-BR")).toBeNull();
  });

  it("is not deceived by names that every object has", () => {
    expect(chooseLocale({ defaultLocale: "en", locales: { en: sms } }, "sms", "constructor")).toBe("en");
    expect(chooseLocale({ defaultLocale: "en", locales: { en: sms } }, "sms", "__proto__")).toBe("en");
  });

  it("chooses the longest beginning of the wanted locale that speaks, else the default, else none", () => {
    const subtags = fc.constantFrom("en", "pt", "BR", "Hant", "x");
    const locale = fc.array(subtags, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("-"));
    const content = fc.record({
      defaultLocale: locale,
      locales: fc.dictionary(locale, fc.constantFrom(sms, email)),
    });
    fc.assert(
      fc.property(content, fc.option(locale), (template, wanted) => {
        const speaks = (one: string) => "sms" in (template.locales[one] ?? {});
        const beginnings = Object.keys(template.locales).filter(
          (one) => speaks(one) && (wanted === one || wanted?.startsWith(`${one}-`)),
        );
        const longest = beginnings.sort((a, b) => b.length - a.length)[0];
        const fallback = speaks(template.defaultLocale) ? template.defaultLocale : null;
        expect(chooseLocale(template, "sms", wanted)).toBe(longest ?? fallback);
      }),
    );
  });
});

it("lists the channels of all locales, each once", () => {
  expect(
    channelsOf({ locales: { en: { ...sms, ...email }, pt: sms, de: { push: { title: "x", body: "x" } } } }),
  ).toEqual(["sms", "email", "push"]);
});
