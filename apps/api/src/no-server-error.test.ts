import { Agent, request as httpRequest, type OutgoingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { batchExamples, notificationExamples } from "@tidings/core/notifications/documented-request";
import { newUuid, publicId } from "@tidings/shared/ids";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../tests/setup/test-services";
import type { Route } from "./route";
import { routes } from "./routes";
import { startTestApi, type TestApi, type TestTenant } from "./testing/start-test-api";

let api: TestApi;
let tenant: TestTenant;
const agent = new Agent({ keepAlive: true });
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
  tenant = await api.createTenant();
  await api.call("POST", "/v1/templates", { key: tenant.liveKey, body: goodBodies.createTemplate?.[0] });
  await api.call("POST", "/v1/templates/k/publish", { key: tenant.liveKey });
});
afterAll(async () => {
  agent.destroy();
  await api.close();
});

/** Text that has broken parsers, databases and templates before. */
const hostileText = fc.oneof(
  fc.constantFrom("\0", "\ud800", "a\0b", "\udc00\ud800"),
  fc.constantFrom("", "\u{10ffff}", "\ufeff", "\u202e", "'; --", "%00", "{{", "{% if %}"),
  fc.constantFrom("__proto__", "constructor", "toString", "null", "NaN", "-1", "0", "1e999", "../..", "a\r\nb: c"),
  fc.constantFrom("0000-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "2030-01-01T00:00:00Z", "x".repeat(5_000)),
  fc.string({ unit: "binary" }),
);
const hostileValue = fc.oneof(
  hostileText,
  fc.constantFrom(null, true, 0, -0, -1, 0.5, 1e308, Number.MAX_SAFE_INTEGER, [], {}, [[]], { "": "" }, [null]),
  fc.jsonValue({ maxDepth: 3, stringUnit: "binary" }),
);

/** Good bodies, so that what is made of them gets past the first check. */
const goodBodies: Record<string, unknown[]> = {
  sendNotification: [
    { recipient: { url: "https://example.com" }, content: { webhook: { payload: { a: { b: ["c"] } } } } },
    notificationExamples.direct.value,
    { ...notificationExamples.template.value, template: "k", channels: ["sms"] },
  ],
  sendNotificationBatch: [batchExamples.batch.value],
  putRecipient: [
    {
      addresses: { email: "ann@example.com", phone: "+14155550100" },
      locale: "en",
      timeZone: "Europe/Lisbon",
      data: { a: 1 },
    },
  ],
  createTemplate: [
    {
      key: "k",
      name: "n",
      draft: { defaultLocale: "en", locales: { en: { sms: { text: "{{ a }}" } } }, schema: { type: "object" } },
    },
  ],
  updateTemplate: [
    {
      name: "n",
      category: "c",
      draft: { defaultLocale: "en", locales: { en: { email: { subject: "s", mjml: "<mjml></mjml>" } } } },
    },
  ],
  previewTemplate: [
    { channels: ["sms"], locale: "en", data: { a: 1 }, recipient: { id: "r", timeZone: "Europe/Lisbon" } },
  ],
  createKey: [{ name: "k", mode: "test", scopes: ["read"] }],
};

/** A value with one thing somewhere in it replaced, added or taken away. */
function spoiled(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== "object" || value === null) return hostileValue;
  const entries = Object.entries(value);
  const rebuilt = (changed: [string, unknown][]) =>
    Array.isArray(value) ? changed.map(([, item]) => item) : Object.fromEntries(changed);
  const within = entries.map(([name, inner]) =>
    spoiled(inner).map((bad) => rebuilt(entries.map(([other, kept]) => [other, other === name ? bad : kept]))),
  );
  const without = entries.map(([name]) => fc.constant(rebuilt(entries.filter(([other]) => other !== name))));
  const added = fc.tuple(hostileText, hostileValue).map((entry) => rebuilt([...entries, entry]));
  const deeper = within.map((arbitrary) => ({ arbitrary, weight: 4 }));
  return fc.oneof(hostileValue, added, ...deeper, ...without);
}

const bodyOf = (operationId: string): fc.Arbitrary<string> => {
  const good = goodBodies[operationId] ?? [];
  const json = (value: unknown) => JSON.stringify(value) ?? "";
  return fc.oneof(
    { weight: 8, arbitrary: good.length > 0 ? fc.oneof(...good.map(spoiled)).map(json) : hostileValue.map(json) },
    { weight: 1, arbitrary: fc.constantFrom("", "{", "nul", "[1,]", '"\\ud800"', "{}", "[]", '{"a":1,"a":2}') },
    { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
  );
};

const goodIds = [...(["notification", "key", "template", "inboxItem", "deadLetter"] as const)].map((kind) =>
  publicId(kind, newUuid()),
);
const pathPart = fc.oneof(
  { arbitrary: fc.constantFrom(...goodIds, "k", "usr_1"), weight: 4 },
  fc.constantFrom("%", "%00", "%ED%A0%80", "%2F"),
  hostileText.map(escapeUrl),
);
const pathOf = (path: string): fc.Arbitrary<string> =>
  fc
    .tuple(pathPart, pathPart)
    .map(([first, second]) => path.replace(/\{\w+\}/, () => first).replace(/\{\w+\}/, () => second));

const queryNames = [
  ...new Set(routes.flatMap((route) => Object.keys(route.query?.shape ?? {}))),
  "unknown",
  "__proto__",
];
const query = fc
  .array(fc.tuple(fc.constantFrom(...queryNames), hostileText.map(escapeUrl)), { maxLength: 3 })
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join("&"));

/** What may stand in a header at all: Node's parser refuses the rest before us. */
const headerText = fc
  .array(fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f))
  .map((codes) => String.fromCharCode(...codes));
const headers = fc.record(
  {
    "idempotency-key": fc.oneof(headerText, fc.constantFrom("a", "x".repeat(300))),
    "x-request-id": headerText,
    "content-type": fc.oneof(
      headerText,
      fc.constantFrom("application/json; charset=utf-16", "text/html", "application/json;"),
    ),
    "content-encoding": fc.constantFrom("gzip", "br", "deflate", "identity", "lzma"),
    accept: headerText,
    "if-none-match": headerText,
  },
  { requiredKeys: [] },
);

/** Bodies are where most can go wrong. */
const routesByRisk = routes.flatMap((route) => Array<Route>(route.body ? 4 : 1).fill(route));
const requests = fc.constantFrom(...routesByRisk).chain((route) =>
  fc.record({
    method: fc.constant(route.method),
    path: pathOf(route.path),
    query,
    body: bodyOf(route.operationId),
    headers: fc.oneof({ arbitrary: fc.constant({}), weight: 5 }, headers),
    mode: fc.constantFrom("liveKey" as const, "testKey" as const),
  }),
);

async function expectNotOurFault(method: string, path: string, body: string, headers: OutgoingHttpHeaders) {
  const answer = await ask(method, path, body, { "content-type": "application/json", ...headers });
  expect(answer.status, answer.body).toBeLessThan(500);
  if (answer.status >= 400) expect(JSON.parse(answer.body)).toMatchObject({ status: answer.status });
}

describe("whatever is sent", { timeout: 120_000 }, () => {
  it("is never answered as if it were our fault", async () => {
    await fc.assert(
      fc.asyncProperty(requests, ({ method, path, query, body, headers, mode }) =>
        expectNotOurFault(method, query ? `${path}?${query}` : path, body, { "x-api-key": tenant[mode], ...headers }),
      ),
      { numRuns: 600 },
    );
    expect(api.logLines.filter((line) => line.includes("request failed"))).toEqual([]);
  });

  it("is not, either, where any JSON may stand", async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, hostileValue, (name, value) => {
        const content = { webhook: { payload: { [name]: value } }, in_app: { title: "t", body: "b", data: { value } } };
        const body = { recipient: { id: "usr_1", url: "https://example.com" }, content };
        return expectNotOurFault("POST", "/v1/notifications", JSON.stringify(body), { "x-api-key": tenant.testKey });
      }),
      { numRuns: 200 },
    );
  });
});

/** Percent-encoded as UTF-8, half surrogate pairs too, which `encodeURIComponent` refuses. */
function escapeUrl(value: string): string {
  return value.replaceAll(/[^\w.-]/gsu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const isHalf = code >= 0xd800 && code <= 0xdfff;
    return isHalf
      ? `%ED%${(0x80 | ((code >> 6) & 0x3f)).toString(16)}%${(0x80 | (code & 0x3f)).toString(16)}`
      : encodeURIComponent(character);
  });
}

/** `fetch` would mend some of what is wrong. */
function ask(method: string, path: string, body: string, headers: OutgoingHttpHeaders) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const { port } = new URL(api.url);
    const sent = { ...headers, "content-length": Buffer.byteLength(body) };
    const request = httpRequest({ agent, port, method, path, headers: sent }, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
    });
    request.on("error", reject).end(body);
  });
}
