import { writeAudit } from "@tidings/core/audit/write-audit";
import { storeDeadLetters } from "@tidings/core/dead-letters/store-dead-letters";
import { newUuid, publicId, uuidOf } from "@tidings/shared/ids";
import { scopes } from "@tidings/shared/scopes";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import type { Route } from "../route";
import { startTestApi, type TestApi, type TestTenant } from "../testing/start-test-api";
import { routes } from ".";

let api: TestApi;
let owner: TestTenant;
let stranger: TestTenant;
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
  [owner, stranger] = [await api.createTenant(), await api.createTenant()];
});
afterAll(() => api.close());

/** One of each thing a tenant can have, by the id a path names it with. */
interface Things {
  recipient: string;
  device: string;
  inboxItem: string;
  template: string;
  key: string;
  notification: string;
  settled: string;
  deadLetter: string;
  account: string;
  webhook: string;
  report: string;
  attachment: string;
  suppression: string;
  suppressedAddress: string;
  category: string;
}

/** A request that succeeds for who owns the things. */
interface Example {
  params?: Record<string, string>;
  body?: unknown;
  /** Instead of `body`, for a route that takes no JSON. */
  upload?: string;
  /** Where one is needed. */
  query?: string;
  /**
   * For a route whose id each tenant chooses for itself, so that a stranger's is another thing: where the owner sees
   * that nothing of theirs was touched.
   */
  untouched?: string;
}

const content = { subject: "Hi", text: "Hello" };
const notification = { channel: "email", recipient: { email: "ann@example.com" }, content };
const webhook = { url: "http://127.0.0.1:9/hooks" };
/** At a provider that asks for no credentials, where nobody listens. */
const account = { provider: "teams", config: { apiUrl: "http://127.0.0.1:9" } };
const draft = { defaultLocale: "en", locales: { en: { sms: { text: "Hello" } } } };

/** How to call each route, by operationId. */
const examples: Record<string, (things: Things) => Example> = {
  sendNotification: () => ({ body: notification }),
  sendNotificationBatch: () => ({ body: { notifications: [notification] } }),
  listNotifications: () => ({}),
  getNotification: (things) => ({ params: { id: things.notification } }),
  listNotificationReports: (things) => ({ params: { id: things.notification } }),
  cancelNotification: (things) => ({ params: { id: things.notification } }),
  resendNotification: (things) => ({ params: { id: things.settled } }),
  listRecipients: () => ({}),
  getRecipient: (things) => ({ params: { id: things.recipient } }),
  putRecipient: (things) => ({
    params: { id: things.recipient },
    body: { email: "bob@example.com" },
    untouched: `/v1/recipients/${things.recipient}`,
  }),
  deleteRecipientDevice: (things) => ({ params: { id: things.recipient, deviceId: things.device } }),
  deleteRecipient: (things) => ({ params: { id: things.recipient } }),
  erasePerson: (things) => ({
    body: { person: { id: things.recipient } },
    untouched: `/v1/recipients/${things.recipient}`,
  }),
  listErasures: () => ({}),
  exportPerson: (things) => ({ body: { person: { id: things.recipient } } }),
  listAttachments: () => ({}),
  uploadAttachment: () => ({ query: "filename=a.csv", upload: "Hello" }),
  getAttachment: (things) => ({ params: { id: things.attachment } }),
  deleteAttachment: (things) => ({ params: { id: things.attachment } }),
  listSuppressions: () => ({}),
  exportSuppressions: () => ({}),
  createSuppression: () => ({ body: { channel: "email", address: "ann@example.com" } }),
  importSuppressions: () => ({ upload: "address\nann@example.com\n" }),
  getSuppression: (things) => ({ params: { id: things.suppression } }),
  deleteSuppression: (things) => ({ params: { id: things.suppression } }),
  deleteSuppressionsOf: (things) => ({ query: `channel=email&address=${things.suppressedAddress}` }),
  listCategories: () => ({}),
  putCategory: (things) => ({
    params: { key: things.category },
    body: { name: "Offers", transactional: false },
    untouched: "/v1/categories",
  }),
  deleteCategory: (things) => ({ params: { key: things.category } }),
  listInbox: (things) => ({
    params: { id: things.recipient },
    untouched: `/v1/recipients/${things.recipient}/inbox`,
  }),
  markInboxItemRead: (things) => ({ params: { id: things.recipient, itemId: things.inboxItem } }),
  markInboxRead: (things) => ({
    params: { id: things.recipient },
    untouched: `/v1/recipients/${things.recipient}/inbox`,
  }),
  listTemplates: () => ({}),
  createTemplate: () => ({ body: { key: newName(), name: "A template", draft } }),
  getTemplate: (things) => ({ params: { key: things.template } }),
  updateTemplate: (things) => ({ params: { key: things.template }, body: { name: "Renamed" } }),
  deleteTemplate: (things) => ({ params: { key: things.template } }),
  publishTemplate: (things) => ({ params: { key: things.template } }),
  republishTemplateVersion: (things) => ({ params: { key: things.template, version: "1" } }),
  listTemplateVersions: (things) => ({ params: { key: things.template } }),
  previewTemplate: (things) => ({ params: { key: things.template }, body: {} }),
  getUsage: () => ({}),
  listKeys: () => ({}),
  createKey: () => ({ body: { name: "k", mode: "live", scopes: ["read"] } }),
  revokeKey: (things) => ({ params: { id: things.key } }),
  getLimits: () => ({}),
  setOwnRequestLimit: () => ({ body: { requestsPerSecond: 50_000 } }),
  removeOwnRequestLimit: () => ({}),
  setOwnChannelLimit: () => ({ params: { channel: "sms" }, body: { perSecond: 5 }, untouched: "/v1/limits" }),
  removeOwnChannelLimit: () => ({ params: { channel: "email" } }),
  getSettings: () => ({}),
  updateSettings: () => ({ body: { tracksOpens: true } }),
  listAuditLog: () => ({}),
  listDeadLetters: () => ({}),
  getDeadLetter: (things) => ({ params: { id: things.deadLetter } }),
  listProviderTypes: () => ({}),
  listProviderAccounts: () => ({}),
  createProviderAccount: () => ({ body: account }),
  getProviderAccount: (things) => ({ params: { id: things.account } }),
  updateProviderAccount: (things) => ({ params: { id: things.account }, body: { name: "Renamed" } }),
  deleteProviderAccount: (things) => ({ params: { id: things.account } }),
  orderProviderAccounts: (things) => ({ body: { tiers: [[things.account]] } }),
  getProviderAccountHealth: (things) => ({ params: { id: things.account } }),
  testProviderAccount: (things) => ({
    params: { id: things.account },
    body: { to: "https://acme.webhook.office.com/webhookb2/x" },
  }),
  listWebhookEvents: () => ({}),
  listWebhooks: () => ({}),
  createWebhook: () => ({ body: webhook }),
  getWebhook: (things) => ({ params: { id: things.webhook } }),
  updateWebhook: (things) => ({ params: { id: things.webhook }, body: { events: ["delivery.*"] } }),
  deleteWebhook: (things) => ({ params: { id: things.webhook } }),
  getWebhookHours: (things) => ({ params: { id: things.webhook } }),
  getWebhookSecret: (things) => ({ params: { id: things.webhook } }),
  rotateWebhookSecret: (things) => ({ params: { id: things.webhook }, body: {} }),
  testWebhook: (things) => ({ params: { id: things.webhook }, body: {} }),
  listReports: (things) => ({ params: { id: things.webhook } }),
  recoverReports: (things) => ({ params: { id: things.webhook }, body: { since: new Date().toISOString() } }),
  replayReports: (things) => ({ params: { id: things.webhook }, body: { since: new Date().toISOString() } }),
  getReport: (things) => ({ params: { id: things.report } }),
  redeliverReport: (things) => ({ params: { id: things.report } }),
  replayDeadLetter: (things) => ({ params: { id: things.deadLetter } }),
};

const newName = () => `n${newUuid()}`;

/** What an example sends, as a call takes it. */
function sent({ body, upload }: Example) {
  return upload === undefined ? { body } : { rawBody: upload, headers: { "content-type": "text/csv" } };
}

async function makeThings({ id: tenantId, liveKey: key }: TestTenant): Promise<Things> {
  const make = async (method: string, path: string, body: unknown) => {
    const answer = await api.call<{ id: string; key: string; devices: { id: string }[] }>(method, path, { key, body });
    expect(answer.status).toBeLessThan(300);
    return answer.body;
  };
  const recipient = newName();
  const template = newName();
  const devices = [{ token: newName(), platform: "ios" }];
  const { devices: stored } = await make("PUT", `/v1/recipients/${recipient}`, { email: "ann@example.com", devices });
  await make("POST", "/v1/templates", { key: template, name: "A template", draft });
  for (const _ of [1, 2]) await make("POST", `/v1/templates/${template}/publish`, undefined);
  const { id: sent } = await make("POST", "/v1/notifications", notification);
  const { id: settled } = await make("POST", "/v1/notifications", notification);
  await api.database.notification.updateMany({
    where: { tenantId, id: uuidOf("notification", settled) as string },
    data: { status: "SENT", settledAt: new Date() },
  });
  const { id: apiKey } = await make("POST", "/v1/keys", { name: "k", mode: "live", scopes: ["read"] });
  await api.database.endpoint.deleteMany({ where: { tenantId } }); // a mode has room for some only
  await api.database.providerAccount.deleteMany({ where: { tenantId } });
  const suppressedAddress = `${newName()}@example.com`;
  const { id: suppression } = await make("POST", "/v1/suppressions", { channel: "email", address: suppressedAddress });
  const { key: category } = await make("PUT", `/v1/categories/${newName()}`, { name: "A category" });
  const { id: ownAccount } = await make("POST", "/v1/providers", account);
  const { id: hook } = await make("POST", "/v1/webhooks", webhook);
  const { id: report } = await make("POST", `/v1/webhooks/${hook}/test`, {});
  const { id: attachment } = await make("POST", "/v1/attachments?filename=a.json", { hello: "you" });

  const item = { id: newUuid(), tenantId, mode: "live", recipientId: recipient, title: "t", body: "b" };
  await api.database.inboxItem.create({ data: item });
  const message = { id: uuidOf("notification", sent) as string, tenantId, mode: "live", priority: 2 } as const;
  const received = { topic: "t", partition: 0, offset: newUuid(), key: "k", value: Buffer.from("{}") };
  await storeDeadLetters(api.database, [{ received, message, reason: "for a test" }]);
  const { id: deadLetter } = await api.database.deadLetter.findFirstOrThrow({
    where: { tenantId, notificationId: message.id },
  });
  await make("PUT", "/v1/limits/channels/email", { perSecond: 1_000 });
  await make("PUT", "/v1/limits/requests", { requestsPerSecond: 50_000 });
  await writeAudit(api.database, { tenantId, userId: null, actor: "operator", action: "tenant.changed", target: sent });
  return {
    recipient,
    device: stored[0]?.id ?? "",
    suppression,
    suppressedAddress,
    category,
    inboxItem: publicId("inboxItem", item.id),
    template,
    key: apiKey,
    notification: sent,
    settled,
    deadLetter: publicId("deadLetter", deadLetter),
    account: ownAccount,
    webhook: hook,
    report,
    attachment,
  };
}

function pathOf(route: Route, params: Record<string, string> = {}, query = ""): string {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "x");
  return query === "" ? path : `${path}?${query}`;
}

/** @param said ids the caller has named itself */
function expectNothingOf(things: Things, body: unknown, said: readonly string[]): void {
  for (const id of Object.values(things)) {
    if (!said.includes(id)) expect(JSON.stringify(body)).not.toContain(id);
  }
}

const named = (chosen: readonly Route[]) => chosen.map((route) => [`${route.method} ${route.path}`, route] as const);

function exampleOf({ operationId }: Route, things: Things): Example {
  const example = examples[operationId];
  if (!example) throw new Error(`Add ${operationId} to the examples above: how is it called, and what does it name?`);
  return example(things);
}

describe("the table of routes", () => {
  it("names each operation once", () => {
    const ids = routes.map(({ operationId }) => operationId);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it("lists each method of a path once", () => {
    const doors = routes.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, "{}")}`);
    expect(doors).toEqual([...new Set(doors)]);
  });

  it.each(named(routes))("%s says what it answers", (_, { status, response, download }) => {
    expect([response, download].filter(Boolean)).toHaveLength(status === 204 ? 0 : 1);
  });

  it.each(named(routes))("%s checks each parameter of its path", (_, { path, params }) => {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(params?.shape ?? {}).toSorted()).toEqual(names.toSorted());
  });

  it.each(named(routes.filter(({ status }) => status === 201 || status === 202)))(
    "%s can be repeated safely, because it makes something",
    (_, { idempotency }) => expect(idempotency).toBeDefined(),
  );
});

describe("without a key", () => {
  it.each(named(routes))("%s is refused", async (_, route) => {
    const answer = await api.call(route.method, pathOf(route), route.body && { body: {} });
    expect(answer).toMatchObject({ status: 401, body: { code: "key_missing" } });
  });
});

describe("with a key that has every scope but the one needed", () => {
  const keys = new Map<string, string>();
  beforeAll(async () => {
    for (const scope of scopes) {
      const others = scopes.filter((other) => other !== scope);
      keys.set(scope, await api.createKey(owner.id, "live", others));
    }
  });

  it.each(named(routes))("%s is refused, whatever is sent", async (_, route) => {
    const key = keys.get(route.scope) as string;
    const answer = await api.call(route.method, pathOf(route), { key, ...(route.body && { body: {} }) });
    expect(answer).toMatchObject({ status: 403, body: { code: "scope_missing" } });
  });
});

describe("another tenant", () => {
  it.each(named(routes.filter(({ params }) => params)))("%s knows nothing of a thing", async (_, route) => {
    const things = await makeThings(owner);
    const { params = {}, untouched, ...example } = exampleOf(route, things);
    const path = pathOf(route, params);
    const seenBefore = untouched && (await api.call("GET", untouched, { key: owner.liveKey })).body;
    for (const key of [stranger.testKey, stranger.liveKey]) {
      const answer = await api.call(route.method, path, { key, ...sent(example) });
      if (untouched) expect(answer.status).toBe(route.status);
      else expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
      expectNothingOf(things, answer.body, Object.values(params));
    }
    if (untouched) expect((await api.call("GET", untouched, { key: owner.liveKey })).body).toEqual(seenBefore);
    // The thing was there all along, and still is as it was.
    expect((await api.call(route.method, path, { key: owner.liveKey, ...sent(example) })).status).toBe(route.status);
  });

  it.each(named(routes.filter(({ method, params }) => method === "GET" && !params)))(
    "%s shows nothing of its things",
    async (_, route) => {
      const things = await makeThings(owner);
      const answer = await api.call(route.method, route.path, { key: stranger.liveKey });
      expect(answer.status).toBe(route.status);
      expectNothingOf(things, answer.body, []);
    },
  );
});

describe("its owner", () => {
  it.each(named(routes))("%s answers what its schema says, and nothing else", async (_, route) => {
    const { params, query, ...example } = exampleOf(route, await makeThings(owner));
    const path = pathOf(route, params, query);
    const answer = await api.call(route.method, path, { key: owner.liveKey, ...sent(example) });
    expect(answer.status).toBe(route.status);
    expect(answer.headers.get("x-request-id")).toMatch(/^req_/);
    if (route.download) expect(answer.headers.get("content-type")).toBe(`${route.download.type}; charset=utf-8`);
    else expect(answer.body).toEqual(route.response ? route.response.parse(answer.body) : null);
  });
});

describe("what cannot be", () => {
  it.each(named(routes.filter(({ params }) => params)))("%s finds nothing under a senseless id", async (_, route) => {
    const { params = {}, ...example } = exampleOf(route, await makeThings(owner));
    for (const name of Object.keys(params)) {
      for (const senseless of ["%00", "%F0%9F%A6%8A%0A", "x".repeat(500)]) {
        const path = pathOf(route, { ...params, [name]: senseless });
        const answer = await api.call(route.method, path, { key: owner.liveKey, ...sent(example) });
        expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
      }
    }
  });

  it.each(named(routes.filter(({ upload }) => upload)))("%s refuses a body of another type", async (_, route) => {
    const { params, query } = exampleOf(route, await makeThings(owner));
    const path = pathOf(route, params, query);
    const others = route.upload?.type === "*/*" ? [] : ["application/json", "text/plain"];
    for (const type of [...others, "multipart/form-data; boundary=x"]) {
      const rawBody = "address\nann@example.com\n";
      const answer = await api.call(route.method, path, {
        key: owner.liveKey,
        rawBody,
        headers: { "content-type": type },
      });
      expect(answer).toMatchObject({ status: 415, body: { code: "unsupported_media_type" } });
    }
  });

  it.each(named(routes.filter(({ query }) => query)))("%s refuses a query it does not know", async (_, route) => {
    const { params, query = "" } = exampleOf(route, await makeThings(owner));
    const path = pathOf(route, params, `${query}&surprise=1`);
    const answer = await api.call(route.method, path, { key: owner.liveKey });
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid_query", errors: [{ pointer: "/surprise" }] } });
  });

  it.each(named(routes.filter(({ body }) => body)))("%s refuses a field it does not know", async (_, route) => {
    const { params, body } = exampleOf(route, await makeThings(owner));
    const surprising = { ...(body as object), surprise: 1 };
    const answer = await api.call(route.method, pathOf(route, params), { key: owner.liveKey, body: surprising });
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid_body", errors: [{ pointer: "/surprise" }] } });
  });

  it.each(named(routes.filter(({ body }) => body)))("%s refuses a body that is no JSON", async (_, route) => {
    const { params } = exampleOf(route, await makeThings(owner));
    const path = pathOf(route, params);
    for (const rawBody of [...(route.bodyMayBeAbsent ? [] : [""]), "{", "\u0000", '{"a":'.repeat(100)]) {
      const answer = await api.call(route.method, path, { key: owner.liveKey, rawBody });
      expect(answer).toMatchObject({ status: 400, body: { code: "malformed_json" } });
    }
  });
});
