import { describe, expect, it } from "vitest";
import { furnish, settle } from "./furnish";
import { useVisits } from "./visitor";

const visits = useVisits();

/** What somebody writes who means harm, or nothing by it. */
const markup = [
  `<script>window.harmed=1;alert(1)</script>`,
  `<img src=x onerror="window.harmed=1;alert(1)"><svg onload=alert(1)>`,
  `<a href="javascript:window.harmed=1">here</a> [there](javascript:alert(1)) javascript:alert(1)`,
  `</title></textarea></style></script><iframe srcdoc="<script>parent.harmed=1</script>"></iframe>{{7*7}}\${7*7}`,
  "\u202Egnp.exe\u2066 \u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627 \u2069 a\u200Bb",
];
const corpus = {
  "what means harm": {
    name: `"'><script>alert(1)</script><img src=x onerror=alert(1)>\u202Egnp`,
    text: markup.join("\n"),
  },
  "what never ends": { name: "W".repeat(100), text: "W".repeat(10_000) },
};

describe.each(Object.entries(corpus))("%s", (_, { name, text }) => {
  it("is text on every page that shows it, and makes none of them wider", { timeout: 240_000 }, async () => {
    const furnished = await furnish(visits, { name, text: escapeLiquid(text), refusal: `5.1.1 ${ascii(text)}` });
    const page = await visits.open({ viewport: { width: 390, height: 844 } });
    await page.context().addCookies(await furnished.visitor.context.cookies());
    const found: string[] = [];
    page.on("dialog", (dialog) => {
      found.push(`${page.url()}: a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("console", (message) => {
      const isPreview = message.location().url.includes("/api/preview/"); // sandboxed, with a policy of its own
      if (!isPreview && /content security policy/i.test(message.text())) found.push(`${page.url()}: ${message.text()}`);
    });
    for (const path of Object.values(furnished.places).flat()) {
      await settle(page, path);
      const { harmed, wide, foreign } = await page.evaluate<{ harmed: boolean; wide: number; foreign: string[] }>(`({
        harmed: "harmed" in window,
        wide: document.documentElement.scrollWidth,
        foreign: [...document.querySelectorAll(
          "script:not([nonce],[src]),[onerror],[onload],[href^='javascript:' i],iframe:not([sandbox])",
        )].map((one) => one.outerHTML.slice(0, 200)),
      })`);
      if (harmed) found.push(`${path}: a script ran`);
      if (wide > 390) found.push(`${path}: ${wide} pixels wide`);
      for (const html of foreign) found.push(`${path}: ${html}`);
    }
    expect(found).toEqual([]);
  });
});

/** As a template says it: what would be Liquid is written out. */
const escapeLiquid = (text: string) => text.replaceAll("{{7*7}}", "{{ '{{' }}7*7}}");

/** What fits into a mail server's answer. */
const ascii = (text: string) => text.replaceAll(/[^ -~]/g, "?").slice(0, 400);
