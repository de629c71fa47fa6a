import { describe, expect, it } from "vitest";
import { getTemplate } from "./get-template";
import { listTemplateVersions } from "./list-template-versions";
import { presentVersion } from "./present-template";
import { publishTemplate } from "./publish-template";
import type { CompiledContent } from "./template-content";
import { updateTemplateBody } from "./template-schemas";
import { faultsOf, htmlOf, mjmlPage, startTemplates } from "./testing/start-templates";
import { updateTemplate } from "./update-template";

const { database, tenantId, make, makePublished } = await startTemplates();
const page = (place: string) =>
  `<html><body><header>Tidings</header>${place}<footer>{{ recipient.data.city }}</footer></body></html>`;

describe("a layout", () => {
  it("in HTML surrounds HTML, of which a version keeps what the layout was", async () => {
    const { key: layout } = await makePublished({
      email: { subject: "-", html: page("{{ content }}"), text: "T\n{{ content }}" },
    });
    const { key, version: first } = await makePublished(
      { email: { subject: "s", html: "<p>$& {{ a }}</p>" } },
      { draft: { layout } },
    );
    expect(htmlOf(first)).toBe(page("<p>$& {{ a }}</p>"));
    expect(first.variables).toEqual(["a", "recipient.data.city"]);
    const draft = { defaultLocale: "en", locales: { en: { email: { subject: "-", html: `<b>{{ content }}</b>` } } } };
    await updateTemplate(database, tenantId, layout, updateTemplateBody.parse({ draft }));
    await publishTemplate(database, tenantId, layout);
    const second = await publishTemplate(database, tenantId, key);
    expect(htmlOf(second)).toBe("<b><p>$& {{ a }}</p></b>");
    const { rows } = await listTemplateVersions(database, tenantId, key, { limit: 10 });
    expect(rows.map((row) => [presentVersion(row).layoutVersion, htmlOf(row)])).toEqual([
      [2, htmlOf(second)],
      [1, htmlOf(first)],
    ]);
  });

  it("surrounds a written text too", async () => {
    const { key: layout } = await makePublished({
      email: { subject: "-", html: page("{{ content }}"), text: "T\n{{ content }}" },
    });
    const { version } = await makePublished(
      { email: { subject: "s", html: "x", text: "A {{ a }}" } },
      { draft: { layout } },
    );
    expect((version.content as unknown as CompiledContent).emails?.en?.text).toBe("T\nA {{ a }}");
  });

  it("in MJML surrounds MJML sections and HTML", async () => {
    const { key: layout } = await makePublished({ email: { subject: "-", mjml: mjmlPage("{{ content }}") } });
    const sections = `<mj-section><mj-column><mj-text>Hi {{ a }}</mj-text></mj-column></mj-section>`;
    const { version: mjml } = await makePublished({ email: { subject: "s", mjml: sections } }, { draft: { layout } });
    expect(htmlOf(mjml)).toMatch(/Tidings[\s\S]*<div\s[^>]*>Hi {{ a }}<\/div>/);
    const { version: html } = await makePublished(
      { email: { subject: "s", html: "<p>Hi {{ a }}</p>" } },
      { draft: { layout } },
    );
    expect(htmlOf(html)).toMatch(/Tidings[\s\S]*<p>Hi {{ a }}<\/p>/);
  });

  it("is chosen by the email's locale", async () => {
    const email = (word: string) => ({ email: { subject: "-", html: `${word}: {{ content }}` } });
    const { key: layout } = await makePublished(email("Hello"), {
      draft: { locales: { en: email("Hello"), pt: email("Olá") } },
    });
    const body = { email: { subject: "s", html: "x" } };
    const { version } = await makePublished(body, {
      draft: { layout, locales: { en: body, "pt-BR": body, de: body } },
    });
    const { emails } = version.content as unknown as CompiledContent;
    expect(
      Object.entries(emails ?? {})
        .map(([locale, { html }]) => `${locale} ${html}`)
        .sort(),
    ).toEqual(["de Hello: x", "en Hello: x", "pt-BR Olá: x"]);
  });

  it("must be published, have a place for the content and no layout itself, and be of the same kind", async () => {
    const email = (html: string) => ({ email: { subject: "s", html } });
    const using = (layout: string, content: object = email("x")) => faultsOf(make(content, { draft: { layout } }));
    const { key: unpublished } = await make(email("{{ content }}"));
    expect(await using(unpublished)).toContain(`/draft/layout the template ${unpublished} isn't published yet`);
    const { key: closed } = await makePublished(email("x"));
    expect(await using(closed)).toContain(`/draft/layout the email of the template ${closed} has no {{ content }}`);
    const { key: silent } = await makePublished({ sms: { text: "x" } });
    expect(await using(silent)).toContain(`/draft/layout the email of the template ${silent} has no {{ content }}`);
    const { key: layout } = await makePublished(email("{{ content }}"));
    const { key: nested } = await makePublished(email("{{ content }}"), { draft: { layout } });
    expect(await using(nested)).toContain(`/draft/layout the template ${nested} has a layout itself`);
    const mjml = { email: { subject: "s", mjml: "<mj-section/>" } };
    expect(await using(layout, mjml)).toContain("/draft/locales/en/email/mjml needs a layout that is MJML too");
  });

  it("that changed so that a draft no longer fits it refuses the publish", async () => {
    const { key: layout } = await makePublished({ email: { subject: "-", html: "{{ content }}" } });
    const { key } = await makePublished({ email: { subject: "s", html: "x" } }, { draft: { layout } });
    const draft = { defaultLocale: "en", locales: { en: { email: { subject: "-", html: "no place" } } } };
    await updateTemplate(database, tenantId, layout, updateTemplateBody.parse({ draft }));
    await publishTemplate(database, tenantId, layout);
    expect(await faultsOf(publishTemplate(database, tenantId, key))).toEqual([
      "template_invalid",
      `/draft/layout the email of the template ${layout} has no {{ content }}`,
    ]);
    expect((await getTemplate(database, tenantId, key)).publishedVersion).toBe(1);
  });
});
