import { createTestTenant } from "@tidings/db/factories";
import { publicId } from "@tidings/shared/ids";
import { describe, expect, it, test } from "vitest";
import { createTemplate } from "./create-template";
import { getTemplate } from "./get-template";
import { listTemplateVersions } from "./list-template-versions";
import { listTemplates } from "./list-templates";
import { presentTemplate, presentTemplateSummary, presentVersion } from "./present-template";
import { previewTemplate } from "./preview-template";
import { publishTemplate } from "./publish-template";
import type { CompiledContent } from "./template-content";
import {
  createTemplateBody,
  previewBody,
  publicPreview,
  publicTemplate,
  publicTemplateSummary,
  publicVersion,
  updateTemplateBody,
} from "./template-schemas";
import { faultsOf, mjmlPage, startTemplates } from "./testing/start-templates";
import { updateTemplate } from "./update-template";

const { database, tenantId, make, makePublished } = await startTemplates();
const { id: otherTenantId } = await createTestTenant(database);

describe("createTemplate", () => {
  it("stores a draft, and shows it as the contract says", async () => {
    const row = await make({ sms: { text: "Hi {{ name }} 🎉 مرحبا" } }, { key: "welcome" });
    const shown = presentTemplate(row);
    expect(publicTemplate.strict().parse(shown)).toEqual(shown);
    expect(shown).toEqual({
      id: publicId("template", row.id),
      key: "welcome",
      name: "Test",
      category: null,
      draft: { defaultLocale: "en", locales: { en: { sms: { text: "Hi {{ name }} 🎉 مرحبا" } } } },
      publishedVersion: null,
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
    });
    expect(await getTemplate(database, tenantId, "welcome")).toEqual(row);
  });

  it("refuses a key that is taken, but not another tenant's", async () => {
    await make({ sms: { text: "x" } }, { key: "taken" });
    expect(await faultsOf(make({ sms: { text: "x" } }, { key: "taken" }))).toEqual([
      "already_exists",
      "/key is the key of another template",
    ]);
    const body = createTemplateBody.parse({
      key: "taken",
      name: "x",
      draft: (await getTemplate(database, tenantId, "taken")).draft,
    });
    await expect(createTemplate(database, otherTenantId, body)).resolves.toMatchObject({ tenantId: otherTenantId });
  });

  test.each<[string, object, object, string]>([
    ["Liquid that isn't closed", { sms: { text: "{{ a" } }, {}, `/draft/locales/en/sms/text output "{{ a" not closed`],
    [
      "an unknown filter",
      { push: { title: "t", body: "b", data: { "a/b": "{{ x | nope }}" } } },
      {},
      "/draft/locales/en/push/data/a~1b undefined filter: nope",
    ],
    [
      "a tag that reads files",
      { in_app: { title: "t", body: "b", data: { a: [{ b: "{% include 'x' %}" }] } } },
      {},
      `/draft/locales/en/in_app/data/a/0/b tag "include" not found`,
    ],
    [
      "bad MJML",
      { email: { subject: "s", mjml: "<mjml><mj-body><mj-nope/></mj-body></mjml>" } },
      {},
      "/draft/locales/en/email/mjml line 1, mj-nope: Element mj-nope doesn't exist",
    ],
    [
      "HTML too long to parse",
      { email: { subject: "s", html: "x".repeat(100_001) } },
      {},
      "/draft/locales/en/email/html has 100001 characters",
    ],
    [
      "data nested without end",
      { in_app: { title: "t", body: "b", data: JSON.parse(`{"a":${"[".repeat(100)}${"]".repeat(100)}}`) } },
      {},
      `/draft/locales/en/in_app/data/a${"/0".repeat(50)} is nested too deeply`,
    ],
    [
      "a bad schema",
      { sms: { text: "x" } },
      { schema: { properties: { a: { type: "text" } } } },
      "/draft/schema schema is invalid",
    ],
    [
      "a layout that isn't there",
      { sms: { text: "x" } },
      { layout: "nowhere" },
      "/draft/layout there is no template nowhere",
    ],
  ])("refuses %s, and points at it", async (_name, content, draft, fault) => {
    expect(await faultsOf(make(content, { draft }))).toEqual(["template_invalid", expect.stringContaining(fault)]);
  });

  it("names every fault of a draft at once", async () => {
    const faults = await faultsOf(
      make({ sms: { text: "{{" }, push: { title: "{{", body: "x" } }, { draft: { layout: "nowhere" } }),
    );
    expect(faults).toHaveLength(4);
  });
});

describe("updateTemplate", () => {
  it("changes what is given, and leaves the rest and what is published", async () => {
    const { key, version } = await makePublished({ sms: { text: "one" } });
    const update = (body: object) => updateTemplate(database, tenantId, key, updateTemplateBody.parse(body));
    expect(await update({ name: "New", category: "orders" })).toMatchObject({
      name: "New",
      category: "orders",
      publishedVersion: 1,
    });
    expect(await update({ category: null })).toMatchObject({ name: "New", category: null });
    const draft = { defaultLocale: "en", locales: { en: { sms: { text: "two" } } } };
    expect(await update({ draft })).toMatchObject({ name: "New", draft });
    const { rows } = await listTemplateVersions(database, tenantId, key, { limit: 10 });
    expect(rows).toEqual([version]);
  });

  it("refuses a draft that can't be rendered, and keeps the one there is", async () => {
    const { key, draft } = await make({ sms: { text: "one" } });
    const body = updateTemplateBody.parse({ draft: { defaultLocale: "en", locales: { en: { sms: { text: "{{" } } } } });
    expect(await faultsOf(updateTemplate(database, tenantId, key, body))).toMatchObject([
      "template_invalid",
      expect.anything(),
    ]);
    expect((await getTemplate(database, tenantId, key)).draft).toEqual(draft);
  });
});

describe("publishTemplate", () => {
  it("makes numbered versions, with the variables that each reads", async () => {
    const { key, version: first } = await makePublished({
      sms: { text: "{{ order.id }} {{ recipient.data.firstName }}" },
      push: { title: "{% for item in items %}{{ item }}{% endfor %}", body: "{{ order.id }}" },
    });
    expect(first).toMatchObject({ version: 1, variables: ["items", "order.id", "recipient.data.firstName"] });
    const second = await publishTemplate(database, tenantId, key);
    expect(second.version).toBe(2);
    expect((await getTemplate(database, tenantId, key)).publishedVersion).toBe(2);
    const shown = presentVersion(first);
    expect(publicVersion.strict().parse(shown)).toEqual(shown);
    expect(shown).toMatchObject({ version: 1, layoutVersion: null, content: { defaultLocale: "en" } });
    expect(shown.content).not.toHaveProperty("emails");
  });

  it("done many times at once makes as many versions", async () => {
    const { key } = await make({ sms: { text: "x" } });
    const versions = await Promise.all(Array.from({ length: 5 }, () => publishTemplate(database, tenantId, key)));
    expect(versions.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5]);
    expect((await getTemplate(database, tenantId, key)).publishedVersion).toBe(5);
  });

  it("compiles MJML and makes a text, once", async () => {
    const mjml = mjmlPage("<p>{{ body }}</p>");
    const { version } = await makePublished({ email: { subject: "s", mjml } });
    expect((version.content as unknown as CompiledContent).emails).toEqual({
      en: { html: expect.stringContaining("<p>{{ body }}</p>"), text: "Tidings\n\n{{ body }}" },
    });
  });
});

describe("lists", () => {
  it("page through a tenant's own templates, newest first", async () => {
    const { id } = await createTestTenant(database);
    const draft = { defaultLocale: "en", locales: { en: { sms: { text: "x" } } } };
    for (const key of ["a", "b", "c"])
      await createTemplate(database, id, createTemplateBody.parse({ key, name: key, draft }));
    const first = await listTemplates(database, id, { limit: 2 });
    expect([first.hasMore, ...first.rows.map(({ key }) => key)]).toEqual([true, "c", "b"]);
    const second = await listTemplates(database, id, { limit: 2, after: first.rows.at(-1)?.id });
    expect([second.hasMore, ...second.rows.map(({ key }) => key)]).toEqual([false, "a"]);
    const [row] = second.rows;
    const shown = row && presentTemplateSummary(row);
    expect(publicTemplateSummary.strict().parse(shown)).toEqual(shown);
  });

  it("page through versions, newest first", async () => {
    const { key } = await make({ sms: { text: "x" } });
    for (let n = 0; n < 3; n += 1) await publishTemplate(database, tenantId, key);
    const first = await listTemplateVersions(database, tenantId, key, { limit: 2 });
    expect([first.hasMore, ...first.rows.map(({ version }) => version)]).toEqual([true, 3, 2]);
    const second = await listTemplateVersions(database, tenantId, key, { limit: 2, after: "2" });
    expect([second.hasMore, ...second.rows.map(({ version }) => version)]).toEqual([false, 1]);
  });
});

describe("previewTemplate", () => {
  const preview = (key: string, body: object = {}) => previewTemplate(database, tenantId, key, previewBody.parse(body));

  it("shows each channel as a worker would render it", async () => {
    const { key } = await make({ email: { subject: "{{ a }}", html: "<p>{{ a }}</p>" }, sms: { text: "€ {{ a }}" } });
    const shown = await preview(key, { data: { a: "<b>" } });
    expect(publicPreview.strict().parse(shown)).toEqual(shown);
    const nothing = { reason: null, missingVariables: [] };
    expect(shown.version).toBeNull();
    expect(shown.data).toHaveLength(2);
    expect(shown.data).toContainEqual({
      channel: "email",
      locale: "en",
      content: { subject: "<b>", html: "<p>&lt;b&gt;</p>", text: "<b>" },
      sms: null,
      ...nothing,
    });
    expect(shown.data).toContainEqual({
      channel: "sms",
      locale: "en",
      content: { text: "€ <b>" },
      sms: { segments: 1, encoding: "GSM-7", characters: 6 },
      ...nothing,
    });
  });

  it("names all variables that are missing, and only those that are needed", async () => {
    const text = `{{ order.id }} {{ order.total }} {% if vip %}{{ perk }}{% endif %} {{ recipient.data.city }} {{ nick | default: "x" }}`;
    const { key } = await make({
      sms: { text },
      push: { title: "{% for i in items %}{{ i.name }}{% endfor %}", body: "{{ b }}" },
    });
    const { data } = await preview(key, { channels: ["sms", "push"], data: { items: [{}] } });
    expect(data).toMatchObject([
      {
        content: null,
        missingVariables: ["order", "order.id", "order.total", "recipient.data.city"],
        reason: `sms.text: the variable "order" is missing`,
      },
      { content: null, missingVariables: ["b", "i.name"] },
    ]);
  });

  it("shows a version, a locale, and a channel that has nothing", async () => {
    const { key } = await makePublished(
      { sms: { text: "one" } },
      { draft: { locales: { en: { sms: { text: "one" } }, pt: { sms: { text: "um" } } } } },
    );
    const draft = { defaultLocale: "en", locales: { en: { sms: { text: "two" } } } };
    await updateTemplate(database, tenantId, key, updateTemplateBody.parse({ draft }));
    expect(await preview(key, { version: 1, locale: "pt-BR" })).toMatchObject({
      version: 1,
      data: [{ locale: "pt", content: { text: "um" } }],
    });
    expect(await preview(key, { recipient: { locale: "pt-BR" } })).toMatchObject({
      version: null,
      data: [{ locale: "en", content: { text: "two" } }],
    });
    expect(await preview(key, { channels: ["push"] })).toMatchObject({
      data: [{ locale: null, content: null, reason: "the template has no content for push" }],
    });
    expect(await faultsOf(preview(key, { version: 9 }))).toEqual(["not_found"]);
  });
});

it("hides every template from other tenants", async () => {
  const { key } = await makePublished({ sms: { text: "x" } }, { key: "mine" });
  const attempts = [
    () => getTemplate(database, otherTenantId, key),
    () => updateTemplate(database, otherTenantId, key, { name: "x" }),
    () => publishTemplate(database, otherTenantId, key),
    () => listTemplateVersions(database, otherTenantId, key, { limit: 1 }),
    () => previewTemplate(database, otherTenantId, key, previewBody.parse({})),
  ];
  for (const attempt of attempts) expect(await faultsOf(attempt())).toEqual(["not_found"]);
  const { rows } = await listTemplates(database, otherTenantId, { limit: 100 });
  expect(rows.map((row) => row.key)).not.toContain(key);
  const draft = { defaultLocale: "en", locales: { en: { sms: { text: "x" } } } };
  const body = createTemplateBody.parse({ key: "theirs", name: "x", draft: { ...draft, layout: key } });
  expect(await faultsOf(createTemplate(database, otherTenantId, body))).toContain(
    `/draft/layout there is no template ${key}`,
  );
});
