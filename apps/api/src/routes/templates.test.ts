import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import { startTestApi, type TestApi, type TestTenant } from "../testing/start-test-api";

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
  tenant = await api.createTenant();
});
afterAll(() => api.close());

const saying = (text: string) => ({ defaultLocale: "en", locales: { en: { sms: { text } } } });
let made = 0;

/** Makes a template with a key of its own. @returns the key */
async function create(draft: unknown = saying("Hello {{ name }}")): Promise<string> {
  made += 1;
  const key = `template_${made}`;
  const body = { key, name: "A template", draft };
  expect(await post("", body)).toMatchObject({ status: 201, body: { ...body, publishedVersion: null } });
  return key;
}

const post = (path: string, body?: unknown, headers = {}) =>
  api.call("POST", `/v1/templates${path}`, { key: tenant.liveKey, body, headers });
const get = <Body>(path: string) => api.call<Body>("GET", `/v1/templates${path}`, { key: tenant.liveKey });
const patch = (key: string, body: unknown) => api.call("PATCH", `/v1/templates/${key}`, { key: tenant.liveKey, body });
const send = (template: string, data = {}) =>
  api.call("POST", "/v1/notifications", {
    key: tenant.testKey,
    body: { template, data, recipient: { phone: "+14155550100" } },
  });

describe("a draft", () => {
  it("changes only where it is told to, and never what is published", async () => {
    const key = await create();
    await post(`/${key}/publish`);
    const named = await patch(key, { name: "Renamed", category: "greetings" });
    expect(named).toMatchObject({
      status: 200,
      body: { name: "Renamed", category: "greetings", draft: saying("Hello {{ name }}") },
    });
    const changed = await patch(key, { draft: saying("Bye") });
    expect(changed.body).toMatchObject({ name: "Renamed", draft: saying("Bye"), publishedVersion: 1 });
    expect((await get(`/${key}`)).body).toEqual(changed.body);
    const { body } = await get<{ data: unknown[] }>(`/${key}/versions`);
    expect(body.data).toMatchObject([{ version: 1, content: saying("Hello {{ name }}") }]);
  });

  it("is refused where its Liquid is wrong", async () => {
    const answer = await post("", { key: "broken", name: "n", draft: saying("{{ oops") });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: "template_invalid", errors: [{ pointer: "/draft/locales/en/sms/text" }] },
    });
    expect((await get("/broken")).status).toBe(404);
  });

  it("cannot have another template's key", async () => {
    const key = await create();
    const answer = await post("", { key, name: "n", draft: saying("x") });
    expect(answer).toMatchObject({ status: 409, body: { code: "already_exists", errors: [{ pointer: "/key" }] } });
  });

  it("is made once however often the request is repeated", async () => {
    const body = { key: "once", name: "n", draft: saying("x") };
    const [first, again] = [
      await post("", body, { "idempotency-key": "make-once" }),
      await post("", body, { "idempotency-key": "make-once" }),
    ];
    expect(first.status).toBe(201);
    expect(again).toMatchObject({ status: 201, body: first.body });
  });
});

describe("publishing", () => {
  it("lets notifications use a template that was just refused", async () => {
    const key = await create();
    expect(await send(key)).toMatchObject({ status: 422, body: { code: "template_not_published" } });
    expect(await post(`/${key}/publish`)).toMatchObject({
      status: 201,
      body: { version: 1, variables: ["name"], content: saying("Hello {{ name }}") },
    });
    expect(await send(key, { name: "Ann" })).toMatchObject({ status: 202, body: { channels: ["sms"] } });
  });

  it("is what notifications use from the next request on", async () => {
    const key = await create();
    await post(`/${key}/publish`);
    await send(key, { name: "Ann" });
    await patch(key, { draft: saying("Bye") });
    await post(`/${key}/publish`);
    const { body } = await send(key);
    const notification = await api.call("GET", `/v1/notifications/${body.id}`, { key: tenant.testKey });
    expect(notification.body.template).toEqual({ key, version: 2 });
  });

  it("is not needed for a category to count from the next request on", async () => {
    const key = await create();
    await post(`/${key}/publish`);
    await send(key, { name: "Ann" });
    await patch(key, { category: "greetings" });
    const { body } = await send(key, { name: "Ann" });
    const notification = await api.call("GET", `/v1/notifications/${body.id}`, { key: tenant.testKey });
    expect(notification.body.category).toBe("greetings");
  });

  it("is refused where somebody else published or changed the template since it was read", async () => {
    const key = await create();
    const { body: read } = await get<{ updatedAt: string }>(`/${key}`);
    const body = { ifUpdatedAt: read.updatedAt };
    expect(await post(`/${key}/publish`, body)).toMatchObject({ status: 201, body: { version: 1 } });
    expect(await post(`/${key}/publish`, body)).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(await post(`/${key}/publish`, { ifUpdatedAt: "yesterday" })).toMatchObject({ status: 422 });
    expect(await post(`/${key}/publish`, {})).toMatchObject({ status: 201, body: { version: 2 } });
  });

  it("makes one version however often the request is repeated", async () => {
    const key = await create();
    const headers = { "idempotency-key": `publish-${key}` };
    const first = await post(`/${key}/publish`, undefined, headers);
    expect((await post(`/${key}/publish`, undefined, headers)).body).toEqual(first.body);
    expect((await post(`/${key}/publish`)).body).toMatchObject({ version: 2 });
  });
});

describe("lists", () => {
  it("give versions newest first, page by page", async () => {
    const key = await create();
    for (let n = 0; n < 3; n += 1) await post(`/${key}/publish`);
    interface Versions {
      data: { version: number }[];
      nextCursor: string | null;
    }
    const first = (await get<Versions>(`/${key}/versions?limit=2`)).body;
    const last = (await get<Versions>(`/${key}/versions?limit=2&cursor=${first.nextCursor}`)).body;
    expect([...first.data, ...last.data].map(({ version }) => version)).toEqual([3, 2, 1]);
    expect(last.nextCursor).toBeNull();
    const foreign = Buffer.from("usr_42").toString("base64url");
    expect(await get(`/${key}/versions?cursor=${foreign}`)).toMatchObject({
      status: 400,
      body: { code: "invalid_cursor" },
    });
  });

  it("give a tenant's own templates without their drafts", async () => {
    const { liveKey: key } = await api.createTenant();
    const body = { key: "mine", name: "n", draft: saying("x") };
    await api.call("POST", "/v1/templates", { key, body });
    const { data } = (await api.call<{ data: object[] }>("GET", "/v1/templates", { key })).body;
    expect(data).toEqual([expect.objectContaining({ key: "mine" })]);
    expect(data[0]).not.toHaveProperty("draft");
  });
});

describe("a preview", () => {
  it("shows the draft or a version as it would be sent, and what is missing", async () => {
    const key = await create();
    await post(`/${key}/publish`);
    await patch(key, { draft: saying("Bye {{ name }}") });
    const data = { name: "Ann" };
    expect((await post(`/${key}/preview`, { data })).body).toMatchObject({
      version: null,
      data: [{ channel: "sms", locale: "en", content: { text: "Bye Ann" }, sms: { segments: 1 } }],
    });
    expect((await post(`/${key}/preview`, { data, version: 1 })).body).toMatchObject({
      data: [{ content: { text: "Hello Ann" } }],
    });
    expect((await post(`/${key}/preview`, {})).body).toMatchObject({
      data: [{ content: null, missingVariables: ["name"] }],
    });
    expect(await post(`/${key}/preview`, { version: 9 })).toMatchObject({ status: 404, body: { code: "not_found" } });
  });

  it("needs only a key that reads", async () => {
    const key = await create();
    const reader = await api.createKey(tenant.id, "test", ["read"]);
    const answer = await api.call("POST", `/v1/templates/${key}/preview`, { key: reader, body: {} });
    expect(answer.status).toBe(200);
  });
});
