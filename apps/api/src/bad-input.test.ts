import { request as httpRequest, type RequestOptions } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { createKey } from "@tidings/core/keys/create-key";
import { formatKey, parseKey } from "@tidings/core/keys/key-format";
import { newUuid, publicId } from "@tidings/shared/ids";
import type { Problem } from "@tidings/shared/problem";
import { type RefusalCode, refusals } from "@tidings/shared/refusals";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../tests/setup/test-services";
import { startTestApi, type TestApi, type TestTenant } from "./testing/start-test-api";

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
  tenant = await api.createTenant();
  await makeTemplate("unpublished", { sms: { text: "Hi" } });
  await makeTemplate("order_shipped", { sms: { text: "{{ order.id }}" } }, orderSchema);
  await api.call("POST", "/v1/templates/order_shipped/publish", { key: tenant.liveKey });
});
afterAll(() => api.close());

const orderSchema = {
  type: "object",
  required: ["order"],
  properties: { order: { type: "object", required: ["id"], properties: { id: { type: "string" } } } },
};
async function makeTemplate(key: string, content: object, schema?: object): Promise<void> {
  const draft = { defaultLocale: "en", locales: { en: content }, ...(schema && { schema }) };
  const answer = await api.call("POST", "/v1/templates", { key: tenant.liveKey, body: { key, name: key, draft } });
  expect(answer.status).toBe(201);
}

const sms = { channel: "sms", recipient: { phone: "+14155550100" }, content: { text: "Hi" } };
const email = { channel: "email", recipient: { email: "ann@example.com" }, content: { subject: "Hi", text: "there" } };
const shipped = { template: "order_shipped", recipient: { phone: "+14155550100" } };
const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString();
const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

/** Each refusal is a whole problem: status and title of its code, a sentence, and a pointer where there is one to give. */
function expectProblem(
  answer: { status: number; headers: Headers; body: unknown },
  code: RefusalCode,
  pointers?: string[],
) {
  const { status, title } = refusals[code];
  expect(answer.body).toMatchObject({ code });
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  const problem = answer.body as Problem;
  expect(problem).toMatchObject({ type: `/docs/errors#${code}`, title, status });
  expect(problem.requestId).toBe(answer.headers.get("x-request-id"));
  expect(problem.detail).toMatch(/^\S.+\.$/s);
  expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(pointers);
  for (const { message } of problem.errors ?? []) expect(message.length).toBeGreaterThan(5);
}

const post = (options: Parameters<TestApi["call"]>[2]) =>
  api.call("POST", "/v1/notifications", { key: tenant.testKey, ...options });
const rowCount = () => api.database.notification.count({ where: { tenantId: tenant.id } });

describe("a body", () => {
  it.each<[string, unknown, RefusalCode, string[]?]>([
    ["that is no object", 7, "invalid_body", [""]],
    ["without a recipient", { channel: "sms", content: { text: "Hi" } }, "invalid_body", ["/recipient"]],
    ["with unknown fields", { ...sms, chanel: "sms", "a/b~c": 1 }, "invalid_body", ["/chanel", "/a~1b~0c"]],
    [
      "with an unknown field within",
      { ...sms, recipient: { ...sms.recipient, fax: "+1" } },
      "invalid_body",
      ["/recipient/fax"],
    ],
    ["with a field of the wrong type", { ...sms, priority: 1 }, "invalid_body", ["/priority"]],
    ["with an unknown channel", { ...sms, channel: "pigeon" }, "invalid_body", ["/channel"]],
    ["with channel and channels", { ...sms, channels: ["sms"] }, "invalid_body", ["/channels"]],
    ["without anything to say", { channel: "sms", recipient: sms.recipient }, "invalid_body", ["/content"]],
    ["with content and a template", { ...sms, template: "order_shipped" }, "invalid_body", ["/content"]],
    ["with data for no template", { ...sms, data: {} }, "invalid_body", ["/data"]],
    [
      "with another channel's content",
      { ...sms, content: { subject: "Hi" } },
      "invalid_body",
      ["/content/text", "/content/subject"],
    ],
    [
      "with content for an unknown channel",
      { recipient: sms.recipient, content: { fax: {} } },
      "invalid_body",
      ["/content/fax"],
    ],
    ["with a text too long", { ...sms, content: { text: "a".repeat(1_531) } }, "invalid_body", ["/content/text"]],
    [
      "with a line break in a subject",
      { ...email, content: { subject: "a\r\nBcc: x", text: "b" } },
      "invalid_body",
      ["/content/subject"],
    ],
    ["with a bad email address", { ...email, recipient: { email: "ann@" } }, "invalid_body", ["/recipient/email"]],
    [
      "with a phone number not in E.164",
      { ...sms, recipient: { phone: "(415) 555-0100" } },
      "invalid_body",
      ["/recipient/phone"],
    ],
    [
      "with an impossible phone number",
      { ...sms, recipient: { phone: "+1415" } },
      "invalid_body",
      ["/recipient/phone"],
    ],
    [
      "with a bad URL",
      { recipient: { url: "ftp://x" }, channel: "webhook", content: { payload: {} } },
      "invalid_body",
      ["/recipient/url"],
    ],
    ["with a bad locale", { ...sms, locale: "not a locale" }, "invalid_body", ["/locale"]],
    ["with a bad date", { ...sms, sendAt: "2030-02-30T10:00:00Z" }, "invalid_body", ["/sendAt"]],
    ["with a date without a time zone", { ...sms, sendAt: "2030-01-01T10:00:00" }, "invalid_body", ["/sendAt"]],
    ["with a sendAt in the past", { ...sms, sendAt: days(-1) }, "send_at_out_of_range", ["/sendAt"]],
    ["with a sendAt too far ahead", { ...sms, sendAt: days(367) }, "send_at_out_of_range", ["/sendAt"]],
    ["with an unknown template", { ...shipped, template: "unheard_of" }, "template_not_found", ["/template"]],
    ["with an unpublished template", { ...shipped, template: "unpublished" }, "template_not_published", ["/template"]],
    ["without a variable", shipped, "missing_variable", ["/data/order"]],
    ["without a variable within", { ...shipped, data: { order: {} } }, "missing_variable", ["/data/order/id"]],
    [
      "with a variable of the wrong type",
      { ...shipped, data: { order: { id: 7 } } },
      "missing_variable",
      ["/data/order/id"],
    ],
    [
      "for a channel the template has nothing for",
      { ...shipped, channels: ["email"], data: { order: { id: "1" } } },
      "invalid_body",
      ["/channels"],
    ],
    [
      "without an address for the channel",
      { ...sms, recipient: { email: "ann@example.com" } },
      "no_address",
      ["/recipient"],
    ],
    ["with U+0000 in a text", { ...sms, content: { text: "a\u0000b" } }, "invalid_body", ["/content/text"]],
    [
      "with U+0000 in a name deep in the data",
      { ...shipped, data: { order: [{ "\u0000": 1 }] } },
      "invalid_body",
      ["/data/order/0/\u0000"],
    ],
    ["with half a surrogate pair", { ...sms, content: { text: "\ud83d" } }, "invalid_body", ["/content/text"]],
    ["with U+0000 in the recipient's id", { ...sms, recipient: { id: "\u0000" } }, "invalid_body", ["/recipient/id"]],
  ])("%s is refused", async (_, body, code, pointers) => {
    const before = await rowCount();
    expectProblem(await post({ body }), code, pointers);
    expect(await rowCount()).toBe(before);
  });

  it.each<[string, string, RefusalCode]>([
    ["that is not JSON", '{"channel": "sms",}', "malformed_json"],
    ["that ends in the middle", '{"channel": "sm', "malformed_json"],
    ["that is empty", "", "malformed_json"],
    ["that is blank", "  ", "malformed_json"],
    ["with a bare U+0000 in a text", '{"channel": "s\u0000s"}', "malformed_json"],
    ["nested 33 levels deep", nested(33), "malformed_json"],
    ["nested 100,000 levels deep", "[".repeat(100_000), "malformed_json"],
    ["of 300 KB", JSON.stringify({ ...sms, content: { text: "a".repeat(300_000) } }), "body_too_large"],
  ])("%s is refused", async (_, rawBody, code) => {
    expectProblem(await post({ rawBody }), code);
  });

  it("says how large it may be", async () => {
    const { body } = await post({ rawBody: " ".repeat(262_145) });
    expect(body.detail).toContain("262144 bytes");
  });

  it("may be as deep and as large as it is allowed to", async () => {
    const payload: unknown = JSON.parse(nested(29));
    const hook = { channel: "webhook", recipient: { url: "https://example.com" }, content: { payload } };
    expect((await post({ body: hook })).status).toBe(202);
    const text = "é".repeat(
      (262_144 - JSON.stringify({ ...email, content: { subject: "Hi", text: "" } }).length) / 2 - 1,
    );
    expect((await post({ body: { ...email, content: { subject: "Hi", text } } })).status).toBe(202);
  });

  it.each<[string, Record<string, string>, string | Buffer, RefusalCode]>([
    ["of another type", { "content-type": "text/plain" }, JSON.stringify(sms), "unsupported_media_type"],
    ["of a form", { "content-type": "application/x-www-form-urlencoded" }, "a=b", "unsupported_media_type"],
    ["of no type", {}, JSON.stringify(sms), "unsupported_media_type"],
    ["of a type that is no type", { "content-type": ";;=" }, JSON.stringify(sms), "unsupported_media_type"],
    ["in an unknown charset", { "content-type": "application/json; charset=klingon" }, "{}", "unsupported_media_type"],
    [
      "in an unknown encoding",
      { "content-type": "application/json", "content-encoding": "lzma" },
      "{}",
      "unsupported_media_type",
    ],
    [
      "not compressed as it says",
      { "content-type": "application/json", "content-encoding": "gzip" },
      "{}",
      "malformed_json",
    ],
    [
      "with half a surrogate pair in UTF-16",
      { "content-type": "application/json; charset=utf-16le" },
      Buffer.from(JSON.stringify({ ...sms, content: { text: "X" } }).replace("X", "\ud83d"), "utf16le"),
      "invalid_body",
    ],
  ])("%s is refused", async (_, headers, body, code) => {
    const answer = await rawPost({ headers: { "x-api-key": tenant.testKey, ...headers } }, body);
    expectProblem(answer, code, code === "invalid_body" ? ["/content/text"] : undefined);
  });

  it.each([
    [1_001, Array(1_001).fill(1)],
    [0, []],
  ])("of a batch of %i items is refused", async (_, notifications) => {
    const answer = await api.call("POST", "/v1/notifications/batch", { key: tenant.testKey, body: { notifications } });
    expectProblem(answer, "invalid_body", ["/notifications"]);
    if (notifications.length > 0) expect(JSON.stringify(answer.body)).toContain("1000");
  });

  it("of a batch with U+0000 in one item is refused with a pointer to it", async () => {
    const body = { notifications: [sms, { ...sms, content: { text: "\u0000" } }] };
    const answer = await api.call("POST", "/v1/notifications/batch", { key: tenant.testKey, body });
    expectProblem(answer, "invalid_body", ["/notifications/1/content/text"]);
  });
});

describe("a query", () => {
  it.each<[string, RefusalCode, string[]?]>([
    ["limit=0", "invalid_query", ["/limit"]],
    ["limit=101", "invalid_query", ["/limit"]],
    ["limit=many", "invalid_query", ["/limit"]],
    ["limit=1&limit=2", "invalid_query", ["/limit"]],
    ["status=sent", "invalid_query", ["/status"]],
    ["since=yesterday", "invalid_query", ["/since"]],
    ["recipient=%00", "invalid_query", ["/recipient"]],
    ["address=%00", "invalid_query", ["/address"]],
    ["requestId=a%0d%0ab", "invalid_query", ["/requestId"]],
    ["unknown=1&__proto__=2", "invalid_query", ["/unknown", "/__proto__"]],
    ["cursor=nonsense", "invalid_cursor"],
    [`cursor=${Buffer.from("\u0000").toString("base64url")}`, "invalid_cursor"],
    [`cursor=${"a".repeat(513)}`, "invalid_query", ["/cursor"]],
  ])("with %s is refused", async (query, code, pointers) => {
    expectProblem(await api.call("GET", `/v1/notifications?${query}`, { key: tenant.testKey }), code, pointers);
  });
});

describe("a path", () => {
  it.each<[string, string, RefusalCode]>([
    ["GET", "/v1/notifications/ntf_nonsense", "not_found"],
    ["GET", `/v1/notifications/${publicId("delivery", newUuid())}`, "not_found"],
    ["GET", `/v1/notifications/${publicId("notification", newUuid())}`, "not_found"],
    ["GET", "/v1/notifications/%00", "not_found"],
    ["POST", "/v1/notifications/ntf_nonsense/cancel", "not_found"],
    ["GET", "/v1/notifications/%ED%A0%80", "route_not_found"],
    ["GET", "/v1/notifications/%", "route_not_found"],
    ["GET", "/v1/nothing", "route_not_found"],
    ["GET", "/", "route_not_found"],
    ["DELETE", "/v1/notifications", "method_not_allowed"],
  ])("%s %s is refused", async (method, path, code) => {
    expectProblem(await api.call(method, path, { key: tenant.testKey }), code);
  });

  it("says which methods it takes", async () => {
    const { headers } = await api.call("DELETE", "/v1/notifications", { key: tenant.testKey });
    expect(headers.get("allow")).toBe("POST, GET");
  });
});

describe("a header", () => {
  it.each([
    ["empty", ""],
    ["of 256 characters", "a".repeat(256)],
  ])("Idempotency-Key that is %s is refused", async (_, key) => {
    expectProblem(await post({ body: sms, headers: { "idempotency-key": key } }), "invalid_header");
  });

  it("with U+0000 ends the connection with a 400 and reaches nothing", async () => {
    const before = await rowCount();
    const answer = await rawBytes(`POST /v1/notifications HTTP/1.1\r\nHost: x\r\nIdempotency-Key: a\0b\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(await rowCount()).toBe(before);
  });

  it("in Latin-1 is taken as it is", async () => {
    const options = {
      headers: { "x-api-key": tenant.testKey, "content-type": "application/json", "idempotency-key": "h\u00e9\u00ff" },
    };
    const answers = [await rawPost(options, JSON.stringify(sms)), await rawPost(options, JSON.stringify(sms))];
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(answers[0]?.body).toEqual(answers[1]?.body);
  });
});

describe("a key", () => {
  const list = (key?: string, headers = {}) =>
    api.call("GET", "/v1/notifications", { ...(key !== undefined && { key }), headers });

  it("may come as Authorization: Bearer", async () => {
    expect((await list(undefined, { authorization: `Bearer ${tenant.testKey}` })).status).toBe(200);
  });

  it("that is missing is refused", async () => {
    expectProblem(await list(), "key_missing");
    expectProblem(await list(""), "key_missing");
    expectProblem(await list(undefined, { authorization: "Basic YTpi" }), "key_missing");
  });

  it("that is malformed is refused", async () => {
    expectProblem(await list("nonsense"), "key_malformed");
    expectProblem(await list(tenant.testKey.slice(0, -1)), "key_malformed");
    expectProblem(await list(tenant.testKey.replace("_test_", "_live_")), "key_malformed");
  });

  it("that is unknown, has a wrong secret or claims the other mode is refused", async () => {
    const parts = parseKey(tenant.testKey);
    if (!parts) throw new Error("not a key");
    expectProblem(await list(formatKey({ ...parts, keyId: "0123456789abcdef" })), "key_unknown");
    expectProblem(await list(formatKey({ ...parts, secret: "x".repeat(43) })), "key_unknown");
    expectProblem(await list(formatKey({ ...parts, mode: "live" })), "key_unknown");
  });

  it("that was revoked is refused", async () => {
    const key = await api.createKey(tenant.id, "test", ["read"]);
    const { keyId } = parseKey(key) ?? { keyId: "" };
    await api.database.apiKey.update({ where: { keyId }, data: { revokedAt: new Date() } });
    expectProblem(await list(key), "key_revoked");
  });

  it("that has expired is refused", async () => {
    const { text } = await createKey(api.deps, tenant.id, {
      name: "old",
      mode: "test",
      scopes: ["read"],
      expiresAt: new Date(Date.now() - 1_000),
    });
    expectProblem(await list(text), "key_expired");
  });

  it("without the scope is refused, and told which", async () => {
    const reader = await api.createKey(tenant.id, "test", ["read"]);
    const sender = await api.createKey(tenant.id, "test", ["send"]);
    expectProblem(await api.call("POST", "/v1/notifications", { key: reader, body: sms }), "scope_missing");
    const answer = await list(sender);
    expectProblem(answer, "scope_missing");
    expect(answer.body.detail).toContain("read");
  });

  it("of the wrong mode makes no key of the other", async () => {
    const body = { name: "k", mode: "live", scopes: ["read"] };
    expectProblem(await api.call("POST", "/v1/keys", { key: tenant.testKey, body }), "wrong_mode");
  });

  it("reaches nothing of another tenant", async () => {
    const other = await api.createTenant();
    const { body } = await post({ body: sms });
    await api.call("PUT", "/v1/recipients/usr_1", { key: tenant.liveKey, body: {} });
    const asOther = (method: string, path: string) => api.call(method, path, { key: other.testKey });
    expectProblem(await asOther("GET", `/v1/notifications/${body.id}`), "not_found");
    expectProblem(await asOther("POST", `/v1/notifications/${body.id}/cancel`), "not_found");
    expectProblem(await asOther("GET", "/v1/templates/order_shipped"), "not_found");
    expectProblem(await asOther("GET", "/v1/recipients/usr_1"), "not_found");
    const sent = await api.call("POST", "/v1/notifications", { key: other.testKey, body: shipped });
    expectProblem(sent, "template_not_found", ["/template"]);
  });
});

/** A request with exactly these headers; `fetch` would add a content-type of its own. */
function rawPost(options: RequestOptions, body: string | Buffer) {
  return new Promise<{ status: number; headers: Headers; body: unknown }>((resolve, reject) => {
    const { port } = new URL(api.url);
    const request = httpRequest({ ...options, port, method: "POST", path: "/v1/notifications" }, (response) => {
      text(response).then((answer) => {
        const headers = new Headers(response.headers as Record<string, string>);
        resolve({ status: response.statusCode ?? 0, headers, body: JSON.parse(answer) });
      }, reject);
    });
    request.on("error", reject).end(body);
  });
}

function rawBytes(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(api.url).port), "127.0.0.1");
  socket.end(bytes);
  return text(socket);
}
