import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import { startTestApi, type TestApi } from "../testing/start-test-api";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
});
afterAll(() => api.close());

it("shows the tenant its own limits", async () => {
  const [{ id: tenantId, liveKey: key }, other] = [await api.createTenant(), await api.createTenant()];
  expect((await api.call("GET", "/v1/limits", { key })).body).toEqual({
    plan: "unlimited",
    requestsPerSecond: null,
    requestsSetBy: "platform",
    channels: [],
    quotas: [],
  });
  await api.database.tenant.update({ where: { id: tenantId }, data: { requestsPerSecond: 500 } });
  await api.database.channelLimit.createMany({
    data: [
      { tenantId, channel: "sms", perSecond: 10, burst: 20 },
      { tenantId: other.id, channel: "email", perSecond: 1, burst: 1 },
    ],
  });
  await api.database.ownChannelLimit.create({ data: { tenantId, channel: "sms", perSecond: 5, burst: 50 } });
  expect((await api.call("GET", "/v1/limits", { key })).body).toEqual({
    plan: "unlimited",
    requestsPerSecond: 500,
    requestsSetBy: "operator",
    channels: [{ channel: "sms", perSecond: 5, burst: 20, setBy: "team" }],
    quotas: [],
  });
});

it("lets a tenant send slower on a channel than it was given, not faster, and lift that again", async () => {
  const { id: tenantId, liveKey: key } = await api.createTenant();
  await api.database.channelLimit.create({ data: { tenantId, channel: "sms", perSecond: 10, burst: 20 } });
  const set = (body: object, channel = "sms") => api.call("PUT", `/v1/limits/channels/${channel}`, { key, body });
  const lift = () => api.call("DELETE", "/v1/limits/channels/sms", { key });
  const onSms = async () => (await api.call<{ channels: object[] }>("GET", "/v1/limits", { key })).body.channels;

  expect((await set({ perSecond: 4, burst: 8 })).status).toBe(204);
  expect(await onSms()).toEqual([{ channel: "sms", perSecond: 4, burst: 8, setBy: "team" }]);
  expect(await set({ perSecond: 11 })).toMatchObject({ status: 422, body: { errors: [{ pointer: "/perSecond" }] } });
  expect(await set({ perSecond: 1 }, "pigeon")).toMatchObject({ status: 404, body: { code: "not_found" } });
  expect((await lift()).status).toBe(204);
  expect(await onSms()).toEqual([{ channel: "sms", perSecond: 10, burst: 20, setBy: "operator" }]);
  expect((await lift()).status).toBe(404);
});
