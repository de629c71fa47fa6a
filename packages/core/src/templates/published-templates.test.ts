import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid } from "@tidings/shared/ids";
import { afterAll, describe, expect, it, vi } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { createTemplate } from "./create-template";
import { publishTemplate } from "./publish-template";
import { createPublishedTemplates } from "./published-templates";
import { createRenderer } from "./render";
import { createRenderDelivery, type DeliverySource } from "./render-delivery";
import { createTemplateBody } from "./template-schemas";
import { updateTemplate } from "./update-template";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
afterAll(() => database.$disconnect());
const { id: tenantId } = await createTestTenant(database);

const schema = { type: "object", required: ["orderId"], properties: { orderId: { type: "string" } } };
const draft = {
  defaultLocale: "en",
  locales: { en: { sms: { text: "{{ orderId }}" } }, pt: { push: { title: "t", body: "b" } } },
  schema,
};
async function make(key: string, { publish = true } = {}) {
  await createTemplate(database, tenantId, createTemplateBody.parse({ key, name: key, category: "orders", draft }));
  if (publish) await publishTemplate(database, tenantId, key);
}

/** The same database, with its template queries counted. */
function counted() {
  const templates = vi.spyOn(database.template, "findMany");
  const versions = vi.spyOn(database.templateVersion, "findUnique");
  return {
    queries: () => [templates.mock.calls.length, versions.mock.calls.length],
    [Symbol.dispose]() {
      templates.mockRestore();
      versions.mockRestore();
    },
  };
}

describe("resolve", () => {
  it("gives the published version with its channels and its check of data", async () => {
    await make("resolved");
    const templates = createPublishedTemplates({ database });
    const template = await templates.resolve(tenantId, "resolved");
    expect(template).toMatchObject({ version: 1, category: "orders" });
    expect([...template.channels].sort()).toEqual(["push", "sms"]);
    expect(template.checkData({ orderId: "1" })).toEqual([]);
    expect(template.checkData({})).toEqual([{ pointer: "/orderId", message: "is missing" }]);
  });

  it("refuses a key that isn't there, isn't published, or is another tenant's", async () => {
    await make("unpublished", { publish: false });
    await make("mine");
    const { id: other } = await createTestTenant(database);
    const { resolve } = createPublishedTemplates({ database });
    await expect(resolve(tenantId, "nowhere")).rejects.toMatchObject({
      code: "template_not_found",
      faults: [{ pointer: "/template" }],
    });
    await expect(resolve(tenantId, "unpublished")).rejects.toMatchObject({ code: "template_not_published" });
    await expect(resolve(other, "mine")).rejects.toMatchObject({ code: "template_not_found" });
  });

  it("asks the database once for all keys that are missed at once, and not again for a while", async () => {
    await make("many_a");
    await make("many_b");
    const { id: other } = await createTestTenant(database);
    using counting = counted();
    const templates = createPublishedTemplates({ database, ttlMs: 60_000 });
    const ask = () =>
      Promise.allSettled([
        ...Array.from({ length: 100 }, () => templates.resolve(tenantId, "many_a")),
        templates.resolve(tenantId, "many_b"),
        templates.resolve(tenantId, "nowhere"),
        templates.resolve(other, "many_a"),
      ]);
    const first = await ask();
    expect(first.map(({ status }) => status)).toEqual([...Array(101).fill("fulfilled"), "rejected", "rejected"]);
    expect(counting.queries()).toEqual([1, 2]);
    expect(await ask()).toEqual(first);
    expect(counting.queries()).toEqual([1, 2]);
  });

  it("notices what another process publishes after a while, and reads only what is new", async () => {
    await make("late");
    const templates = createPublishedTemplates({ database, ttlMs: 50 });
    const { version, checkData } = await templates.resolve(tenantId, "late");
    expect(version).toBe(1);
    using counting = counted();
    await vi.waitUntil(async () => (await templates.resolve(tenantId, "late")) && counting.queries()[0] === 1);
    expect(counting.queries()).toEqual([1, 0]);
    expect((await templates.resolve(tenantId, "late")).checkData).toBe(checkData);
    await publishTemplate(database, tenantId, "late");
    await vi.waitUntil(async () => (await templates.resolve(tenantId, "late")).version === 2);
  });

  it("looks again at once after forget", async () => {
    await make("forgotten");
    const templates = createPublishedTemplates({ database, ttlMs: 60_000 });
    expect((await templates.resolve(tenantId, "forgotten")).version).toBe(1);
    await publishTemplate(database, tenantId, "forgotten");
    expect((await templates.resolve(tenantId, "forgotten")).version).toBe(1);
    templates.forget(tenantId, "forgotten");
    expect((await templates.resolve(tenantId, "forgotten")).version).toBe(2);
  });

  it("keeps nothing of a look that began before forget, and lets nobody else wait for it", async () => {
    await make("overtaken");
    const findMany = database.template.findMany.bind(database.template);
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let looks = 0;
    let hasRead = false;
    const holdFirst = async (query: Parameters<typeof findMany>[0]) => {
      looks += 1;
      const isFirst = looks === 1;
      const rows = await findMany(query);
      hasRead = true;
      if (isFirst) await released;
      return rows;
    };
    const slow = {
      template: { findMany: holdFirst },
      templateVersion: database.templateVersion,
    } as unknown as Database;
    const templates = createPublishedTemplates({ database: slow, ttlMs: 60_000 });
    const older = templates.resolve(tenantId, "overtaken");
    await vi.waitUntil(() => hasRead);
    await publishTemplate(database, tenantId, "overtaken");
    templates.forget(tenantId, "overtaken");
    expect((await templates.resolve(tenantId, "overtaken")).version).toBe(2);
    release();
    await older;
    expect((await templates.resolve(tenantId, "overtaken")).version).toBe(2);
  });

  it("does not remember a failure of the database", async () => {
    await make("unlucky");
    let isDown = true;
    const findMany = database.template.findMany.bind(database.template);
    const sometimes = {
      template: { findMany: (query: never) => (isDown ? Promise.reject(new Error("down")) : findMany(query)) },
    };
    const templates = createPublishedTemplates({
      database: { ...sometimes, templateVersion: database.templateVersion } as unknown as Database,
    });
    await expect(templates.resolve(tenantId, "unlucky")).rejects.toThrow("down");
    isDown = false;
    await expect(templates.resolve(tenantId, "unlucky")).resolves.toMatchObject({ version: 1 });
  });
});

describe("load", () => {
  it("reads a version once, however many ask", async () => {
    await make("loaded");
    const { templateId } = await createPublishedTemplates({ database }).resolve(tenantId, "loaded");
    const templates = createPublishedTemplates({ database });
    using counting = counted();
    const [first, second] = await Promise.all([
      templates.load(tenantId, templateId, 1),
      templates.load(tenantId, templateId, 1),
    ]);
    expect(first).toMatchObject(draft);
    expect(second).toBe(first);
    expect(await templates.load(tenantId, templateId, 1)).toBe(first);
    expect(counting.queries()).toEqual([0, 1]);
  });

  it("has nothing for a version that isn't there, or for another tenant", async () => {
    await make("alone");
    const templates = createPublishedTemplates({ database });
    const { templateId } = await templates.resolve(tenantId, "alone");
    const { id: other } = await createTestTenant(database);
    expect(await templates.load(tenantId, templateId, 2)).toBeNull();
    expect(await templates.load(other, templateId, 1)).toBeNull();
  });
});

describe("renderDelivery", () => {
  const render = createRenderDelivery({
    templates: createPublishedTemplates({ database }),
    renderer: createRenderer({ maxCompiled: 100 }),
  });
  const delivery: DeliverySource = {
    tenantId,
    channel: "sms",
    content: null,
    templateId: null,
    templateVersion: null,
    data: { orderId: "7" },
    locale: null,
    recipientId: "usr_42",
    recipientLocale: null,
    timeZone: null,
    recipientData: null,
  };

  it("sends the version that was pinned, though a newer one is published", async () => {
    await make("pinned");
    const { templateId } = await createPublishedTemplates({ database }).resolve(tenantId, "pinned");
    await updateTemplate(database, tenantId, "pinned", {
      draft: { defaultLocale: "en", locales: { en: { sms: { text: "new" } } } },
    });
    await publishTemplate(database, tenantId, "pinned");
    expect(await render({ ...delivery, templateId, templateVersion: 1 })).toMatchObject({
      ok: true,
      content: { text: "7" },
    });
    expect(await render({ ...delivery, templateId, templateVersion: 2 })).toMatchObject({
      ok: true,
      content: { text: "new" },
    });
  });

  it("sends direct content as it is", async () => {
    expect(await render({ ...delivery, content: { text: "{{ x }}" } })).toEqual({
      ok: true,
      content: { text: "{{ x }}" },
    });
  });

  it("says why it can't", async () => {
    expect(await render(delivery)).toMatchObject({ ok: false, reason: "there is neither content nor a template" });
    expect(await render({ ...delivery, templateId: newUuid(), templateVersion: 1 })).toMatchObject({
      ok: false,
      reason: "version 1 of the template is gone",
    });
  });

  it("prefers the notification's locale to the recipient's", async () => {
    await make("spoken");
    const { templateId } = await createPublishedTemplates({ database }).resolve(tenantId, "spoken");
    const pinned = { ...delivery, channel: "push", templateId, templateVersion: 1 };
    expect(await render({ ...pinned, locale: "pt-BR", recipientLocale: "en" })).toMatchObject({
      ok: true,
      locale: "pt",
    });
    expect(await render({ ...pinned, locale: null, recipientLocale: "pt" })).toMatchObject({ ok: true, locale: "pt" });
    expect(await render({ ...pinned, locale: "en", recipientLocale: "pt" })).toMatchObject({ ok: false });
  });
});
