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
