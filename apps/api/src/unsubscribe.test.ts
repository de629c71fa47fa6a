import { unsubscribeUrl } from "@tidings/core/suppressions/unsubscribe-link";
import { newUuid } from "@tidings/shared/ids";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../tests/setup/test-services";
import { startTestApi, type TestApi, type TestTenant, testPlatformSecret } from "./testing/start-test-api";

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
});
afterAll(() => api?.close());
beforeEach(async () => {
  tenant = await api.createTenant();
});

const linkTo = (category: string | null = "offers", tenantId = tenant.id) =>
  unsubscribeUrl(
    { notificationId: newUuid(), tenantId, mode: "live", channel: "email", address: "Ann@example.com", category },
    { publicUrl: api.url, platformSecret: testPlatformSecret },
  );
const post = (url: string, body: string, type = "application/x-www-form-urlencoded") =>
  fetch(url, { method: "POST", body, headers: { "content-type": type } });
const oneClick = (url: string) => post(url, "List-Unsubscribe=One-Click");
const stored = () => api.database.suppression.findMany({ where: { tenantId: tenant.id } });

it("unsubscribes with one click, however often it comes", async () => {
  const url = linkTo();
  for (let times = 1; times <= 3; times += 1) expect((await oneClick(url)).status).toBe(200);
  expect(await stored()).toMatchObject([
    { channel: "email", address: "ann@example.com", category: "offers", reason: "unsubscribe" },
  ]);
});

it("takes the one click as multipart, as mail programs may send it", async () => {
  const body = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n';
  expect((await post(linkTo(null), body, "multipart/form-data; boundary=b")).status).toBe(200);
  expect(await stored()).toMatchObject([{ category: "", reason: "unsubscribe" }]);
});

it("changes nothing when the link is only looked at", async () => {
  const url = linkTo();
  for (const method of ["GET", "HEAD"]) expect((await fetch(url, { method })).status).toBe(200);
  expect(await stored()).toEqual([]);
});

it("shows a page that asks, says so, and takes it back", async () => {
  await api.database.category.create({ data: { tenantId: tenant.id, key: "offers", name: "Tea & <Offers>" } });
  const url = linkTo();
  const asked = await (await fetch(url)).text();
  expect(asked).toContain('value="unsubscribe"');
  expect(asked).toContain("Tea &amp; &lt;Offers&gt;");
  expect(asked).toContain("A***@example.com");
  expect(asked).not.toContain("Ann@");
  const said = await (await post(url, "action=unsubscribe")).text();
  expect(said).toContain("You are unsubscribed");
  expect(said).toContain('value="resubscribe"');
  expect(await (await fetch(url)).text()).toContain("You are unsubscribed");
  expect(await (await post(url, "action=resubscribe")).text()).toContain('value="unsubscribe"');
  expect(await stored()).toEqual([]);
});

it("takes back nothing but an unsubscribe", async () => {
  const url = linkTo(null);
  const row = { tenantId: tenant.id, channel: "email", address: "ann@example.com", category: "" };
  await api.database.suppression.create({ data: { ...row, id: newUuid(), reason: "hard_bounce" } });
  const page = await (await post(url, "action=resubscribe")).text();
  expect(page).not.toContain("<button");
  expect(await stored()).toMatchObject([{ reason: "hard_bounce" }]);
});

it("runs no script, loads nothing, and is kept by nobody", async () => {
  const { headers } = await fetch(linkTo());
  expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; style-src 'sha256-\S+='; form-action 'self'/,
  );
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
});

it.each([
  ["a forged token", () => `${linkTo().slice(0, -4)}AAAA`],
  ["a token that was cut off", () => linkTo().slice(0, -10)],
  ["nonsense", () => `${api.url}/u/x`],
  ["a tenant that is no more", () => linkTo("offers", newUuid())],
])("answers %s with a page that says so", async (_, link) => {
  const url = link();
  for (const answer of [await fetch(url), await oneClick(url)]) {
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain("This link does not work");
  }
});

it("tells the tenant's endpoints", async () => {
  const endpoint = { id: newUuid(), tenantId: tenant.id, mode: "live", url: "https://example.com", sealedSecret: "s" };
  await api.database.endpoint.create({ data: { ...endpoint, events: ["*"] } });
  const url = linkTo();
  await oneClick(url);
  await oneClick(url);
  await post(url, "action=resubscribe");
  const reports = await api.database.report.findMany({ where: { tenantId: tenant.id }, orderBy: { sequence: "asc" } });
  expect(reports.map(({ type }) => type)).toEqual(["suppression.added", "suppression.removed"]);
});
