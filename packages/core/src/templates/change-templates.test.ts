import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid, publicId } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import { afterAll, describe, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import type { ReadyNotification } from "../notifications/read-request";
import { createTemplate } from "./create-template";
import { deleteTemplate } from "./delete-template";
import { getTemplate } from "./get-template";
import { listLayouts } from "./list-layouts";
import { listRecentData } from "./list-recent-data";
import { listTemplateCategories, listTemplates } from "./list-templates";
import { previewTemplate } from "./preview-template";
import { publishTemplate } from "./publish-template";
import { createPublishedTemplates } from "./published-templates";
import { republishVersion } from "./republish-version";
import { sendTest, sendTestBody } from "./send-test";
import { createTemplateBody, previewBody, templateFilters, updateTemplateBody } from "./template-schemas";
import { updateTemplate } from "./update-template";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
afterAll(() => database.$disconnect());
const { id: tenantId } = await createTestTenant(database);

const saying = (text: string) => ({ defaultLocale: "en", locales: { en: { sms: { text } } } });
let made = 0;
async function make(draft: object = saying("one"), rest: { category?: string; name?: string } = {}, owner = tenantId) {
  const body = createTemplateBody.parse({ key: `template_${++made}`, name: "A template", draft, ...rest });
  return await createTemplate(database, owner, body);
}
const change = (key: string, body: object) => updateTemplate(database, tenantId, key, updateTemplateBody.parse(body));
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
  );

/** A notification that uses a template, in the way its parts say. */
async function use(template: { id: string }, part: { status?: string; settledAt?: Date; data?: object } = {}) {
  const id = newUuid();
  const { status = "SENT", settledAt = new Date(), data = {} } = part;
  await database.notification.create({
    data: {
      ...{ id, tenantId, mode: "test", status, priority: 2, bulk: false, addresses: {}, channels: ["sms"] },
      ...{ requestId: "r", createdAt: new Date(), templateId: template.id, templateVersion: 1, data },
      ...(status === "SENT" && { settledAt }),
    },
  });
  return id;
}

describe("a change that names what it was made from", () => {
  it("is refused when somebody else changed the template meanwhile, and loses nothing of theirs", async () => {
    const { key, updatedAt } = await make();
    const theirs = await change(key, { draft: saying("theirs"), ifUpdatedAt: updatedAt.toISOString() });
    expect(await codeOf(change(key, { draft: saying("mine"), ifUpdatedAt: updatedAt.toISOString() }))).toBe("conflict");
    expect((await getTemplate(database, tenantId, key)).draft).toEqual(saying("theirs"));
    await change(key, { draft: saying("mine"), ifUpdatedAt: theirs.updatedAt.toISOString() });
    expect((await getTemplate(database, tenantId, key)).draft).toEqual(saying("mine"));
  });

  it("publishes only what was read: neither another's draft nor over another's version", async () => {
    const read = await make();
    const publish = (updatedAt: Date) =>
      publishTemplate(database, tenantId, read.key, { ifUpdatedAt: updatedAt.toISOString() });
    const theirs = await change(read.key, { draft: saying("theirs") });
    expect(await codeOf(publish(read.updatedAt))).toBe("conflict");
    expect((await getTemplate(database, tenantId, read.key)).publishedVersion).toBeNull();

    const both = await Promise.all([publish(theirs.updatedAt), publish(theirs.updatedAt)].map(codeOf));
    expect(both.sort()).toEqual(["conflict", null]);
    const published = await getTemplate(database, tenantId, read.key);
    expect(published.publishedVersion).toBe(1);
    expect(await publish(published.updatedAt)).toMatchObject({ version: 2 });
  });
});

describe("rolling back", () => {
  it("publishes the earlier version again, to the letter, and leaves the draft alone", async () => {
    const { key } = await make();
    const first = await publishTemplate(database, tenantId, key);
    await change(key, { draft: saying("two") });
    await publishTemplate(database, tenantId, key);
    const stale = republishVersion(database, tenantId, key, 1, { ifPublishedVersion: 1 });
    expect(await codeOf(stale)).toBe("conflict");
    const back = await republishVersion(database, tenantId, key, 1, { ifPublishedVersion: 2 });
    expect(back).toMatchObject({ version: 3, content: first.content, variables: first.variables });
    expect(await getTemplate(database, tenantId, key)).toMatchObject({ publishedVersion: 3, draft: saying("two") });
  });

  it("refuses the version that is published, and one there never was", async () => {
    const { key } = await make();
    expect(await codeOf(republishVersion(database, tenantId, key, 1))).toBe("not_found");
    await publishTemplate(database, tenantId, key);
    expect(await codeOf(republishVersion(database, tenantId, key, 1))).toBe("conflict");
    expect(await codeOf(republishVersion(database, tenantId, "none", 1))).toBe("not_found");
  });
});

describe("deleting", () => {
  it("takes a template with its versions, when only settled messages used it", async () => {
    const template = await make();
    await publishTemplate(database, tenantId, template.key);
    await use(template);
    await deleteTemplate(database, tenantId, template.key);
    expect(await codeOf(getTemplate(database, tenantId, template.key))).toBe("not_found");
    expect(await database.templateVersion.count({ where: { tenantId, templateId: template.id } })).toBe(0);
  });

  it("is refused while a message that uses it is on its way, or scheduled however long ago", async () => {
    const [fresh, scheduled] = [await make(), await make()];
    await use(fresh, { status: "PENDING" });
    expect(await codeOf(deleteTemplate(database, tenantId, fresh.key))).toBe("conflict");
    const notificationId = await use(scheduled, { status: "SCHEDULED" });
    await database.schedule.create({ data: { notificationId, tenantId, dueAt: new Date("2030-01-01") } });
    expect(await codeOf(deleteTemplate(database, tenantId, scheduled.key))).toBe("conflict");
  });

  it("is refused while it is another's layout, and names that one", async () => {
    const layout = await make({
      defaultLocale: "en",
      locales: { en: { email: { subject: "s", html: "{{ content }}" } } },
    });
    await publishTemplate(database, tenantId, layout.key);
    const { key } = await make({ ...saying("x"), layout: layout.key });
    await expect(deleteTemplate(database, tenantId, layout.key)).rejects.toThrow(key);
    expect(await listLayouts(database, tenantId)).toEqual([{ key: layout.key, name: "A template" }]);
  });
});

describe("the list", () => {
  it("is narrowed by words, category and channel, and tells what is not published yet", async () => {
    const { id } = await createTestTenant(database);
    const draft = {
      defaultLocale: "en",
      locales: { en: { sms: { text: "x" } }, de: { push: { title: "t", body: "b" } } },
    };
    const welcome = await make(draft, { name: "Welcome 100%_", category: "greetings" }, id);
    await make(saying("x"), { name: "Receipt" }, id);
    await publishTemplate(database, id, welcome.key);
    const find = async (filters: object) =>
      (await listTemplates(database, id, { limit: 10 }, templateFilters.parse(filters))).rows;
    expect((await find({})).map(({ name }) => name)).toEqual(["Receipt", "Welcome 100%_"]);
    expect(await find({ q: "WELCOME 100%_" })).toMatchObject([
      { key: welcome.key, channels: ["push", "sms"], hasUnpublishedChanges: false, publishedVersion: 1 },
    ]);
    expect(await find({ q: "%" })).toHaveLength(1);
    expect(await find({ channel: "push" })).toHaveLength(1);
    expect(await find({ category: "greetings", channel: "email" })).toEqual([]);
    expect(await find({ q: "receipt" })).toMatchObject([{ hasUnpublishedChanges: true, publishedVersion: null }]);
    expect(await listTemplateCategories(database, id)).toEqual(["greetings"]);
  });
});

describe("a preview of what isn't stored", () => {
  it("shows it, and names the faults of what is shown only", async () => {
    const { key } = await make();
    const preview = (draft: object, rest: object = {}) =>
      previewTemplate(database, tenantId, key, previewBody.parse({ draft, ...rest }));
    expect(await preview(saying("Hi {{ name }}"), { data: { name: "Ann" } })).toMatchObject({
      data: [{ content: { text: "Hi Ann" } }],
    });
    const locales = { en: { sms: { text: "fine" } }, de: { sms: { text: "{{ oops" } } };
    expect(await preview({ defaultLocale: "en", locales })).toMatchObject({ data: [{ content: { text: "fine" } }] });
    await expect(preview({ defaultLocale: "en", locales }, { locale: "de" })).rejects.toMatchObject({
      code: "template_invalid",
      faults: [{ pointer: "/draft/locales/de/sms/text" }],
    });
    expect((await getTemplate(database, tenantId, key)).draft).toEqual(saying("one"));
  });
});

describe("data of real messages", () => {
  it("is that of the newest messages of the mode that used the template", async () => {
    const [template, other] = [await make(), await make()];
    await use(template, { data: { n: 1 } });
    const newest = await use(template, { data: { n: 2 } });
    await use(other, { data: { n: 3 } });
    const found = await listRecentData(database, { tenantId, mode: "test" }, template.key);
    expect(found.map(({ data }) => data)).toEqual([{ n: 2 }, { n: 1 }]);
    expect(found[0]?.id).toBe(publicId("notification", newest));
    expect(await listRecentData(database, { tenantId, mode: "live" }, template.key)).toEqual([]);
  });
});

describe("a test send", () => {
  const accepted: ReadyNotification[] = [];
  const accept = async (_: unknown, notification: ReadyNotification) => {
    accepted.push(notification);
    return { id: "ntf_1", status: "PENDING" as const, channels: notification.channels };
  };
  const deps = {
    database,
    templates: createPublishedTemplates({ database }),
    attachments: { find: async () => null },
    quotas: { take: () => undefined },
    accept: { accept },
  };
  const context = { tenantId, mode: "test" as const, plan: "free", requestId: "r", idempotency: null };
  const send = (key: string, body: object) => sendTest(deps, context, key, sendTestBody.parse(body));

  it("of the published version is a message like any other", async () => {
    const { key, id } = await make(saying("Hi {{ name }}"));
    await publishTemplate(database, tenantId, key);
    const body = { channel: "sms", to: { address: "+14155550100" }, data: { name: "Ann" }, locale: "de" };
    expect(await send(key, body)).toMatchObject({ id: "ntf_1" });
    expect(accepted.at(-1)).toMatchObject({
      ...{ template: { id, version: 1 }, data: { name: "Ann" }, locale: "de", content: null },
      addresses: { phone: "+14155550100" },
    });
  });

  it("of a draft says what the preview shows, with what is known of the recipient", async () => {
    const { key } = await make();
    await database.recipient.create({ data: { tenantId, id: "usr_1", data: { city: "Rome" } } });
    const draft = saying("{{ greeting }} {{ recipient.data.city }}");
    await send(key, { draft, channel: "sms", to: { recipientId: "usr_1" }, data: { greeting: "Ciao" } });
    expect(accepted.at(-1)).toMatchObject({
      ...{ template: null, recipientId: "usr_1", content: { sms: { text: "Ciao Rome" } } },
    });
  });

  it("is refused, with what is missing, when there is nothing to send", async () => {
    const { key } = await make();
    const body = { draft: saying("{{ a.b }}"), channel: "sms", to: { address: "+14155550100" } };
    await expect(send(key, body)).rejects.toMatchObject({
      code: "missing_variable",
      faults: [{ pointer: "/data/a" }, { pointer: "/data/a/b" }],
    });
    expect(await codeOf(send(key, { ...body, draft: undefined }))).toBe("template_not_published");
    expect(await codeOf(send(key, { ...body, draft: saying("x"), to: { address: "nobody" } }))).toBe("invalid_body");
  });
});
