import { writeAudit } from "@tidings/core/audit/write-audit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import { startTestApi, type TestApi, type TestTenant } from "../testing/start-test-api";

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
  tenant = await api.createTenant();
  const stranger = await api.createTenant();
  const write = (tenantId: string, actor: string, action: string, more: object = {}) =>
    writeAudit(api.database, { tenantId, userId: null, actor, action, ...more });
  await write(tenant.id, "ann@example.com", "key.created", { target: "key_1", after: { name: "Café" } });
  await write(tenant.id, "operator", "tenant.changed", { before: { plan: "free" }, after: { plan: "pro" } });
  await write(stranger.id, "bo@example.com", "key.created", { target: "key_of_stranger" });
});
afterAll(() => api.close());

interface Entry {
  id: string;
  actor: string;
  action: string;
}

const list = (query = "") =>
  api.call<{ data: Entry[]; hasMore: boolean; nextCursor: string | null }>("GET", `/v1/audit-log${query}`, {
    key: tenant.liveKey,
  });

it("tells who changed what, newest first, and nothing of other tenants", async () => {
  expect((await list()).body).toMatchObject({
    data: [
      { id: expect.stringMatching(/^aud_/), actor: "operator", before: { plan: "free" }, after: { plan: "pro" } },
      { actor: "ann@example.com", action: "key.created", target: "key_1", before: null, ipAddress: null },
    ],
    hasMore: false,
    searchedTo: null,
  });
});

it("goes page by page", async () => {
  const { body } = await list("?limit=1");
  expect(body).toMatchObject({ data: [{ actor: "operator" }], hasMore: true });
  expect((await list(`?limit=1&cursor=${body.nextCursor}`)).body).toMatchObject({
    data: [{ actor: "ann@example.com" }],
    hasMore: false,
  });
});

it.each([
  ["actor=operator", 1],
  ["action=key.created", 1],
  ["action=key.revoked", 0],
  ["q=caf%C3%A9", 1],
  ["q=stranger", 0],
  ["since=2999-01-01T00:00:00Z", 0],
  ["until=2999-01-01T00:00:00Z", 2],
])("is narrowed down by %s", async (query, count) => {
  expect((await list(`?${query}`)).body.data).toHaveLength(count);
});

it("refuses what is no moment", async () => {
  expect(await list("?since=yesterday")).toMatchObject({ status: 400, body: { errors: [{ pointer: "/since" }] } });
});
