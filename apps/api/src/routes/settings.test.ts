import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import { startTestApi, type TestApi } from "../testing/start-test-api";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
});
afterAll(() => api.close());

it("tracks opens and clicks for nobody who has not asked for it", async () => {
  const [{ id, liveKey: key, testKey }, other] = [await api.createTenant(), await api.createTenant()];
  const change = (body: unknown) => api.call("PATCH", "/v1/settings", { key, body });
  const off = { tracksOpens: false, tracksClicks: false };
  expect((await api.call("GET", "/v1/settings", { key })).body).toEqual(off);

  expect(await change({ tracksOpens: true })).toMatchObject({ status: 200, body: { ...off, tracksOpens: true } });
  expect((await change({ tracksClicks: true, tracksOpens: false })).body).toEqual({ ...off, tracksClicks: true });
  expect((await change({})).body).toEqual({ ...off, tracksClicks: true });
  expect((await api.call("GET", "/v1/settings", { key: testKey })).body).toEqual({ ...off, tracksClicks: true });
  expect((await api.call("GET", "/v1/settings", { key: other.liveKey })).body).toEqual(off);
  const row = await api.database.tenant.findUniqueOrThrow({ where: { id } });
  expect(row).toMatchObject({ ...off, tracksClicks: true });
});

it("leaves to the operator what is the operator's, and to the console what concerns the team", async () => {
  const { liveKey: key } = await api.createTenant();
  for (const [name, value] of Object.entries({ plan: "scale", usesPlatformAccounts: true, name: "Acme" })) {
    expect(await api.call("PATCH", "/v1/settings", { key, body: { [name]: value } })).toMatchObject({
      status: 422,
      body: { code: "invalid_body", errors: [{ pointer: `/${name}` }] },
    });
  }
  expect(await api.call("PATCH", "/v1/settings", { key, body: { tracksOpens: null } })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: "/tracksOpens" }] },
  });
});
