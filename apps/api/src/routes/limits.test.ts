import { createAuthenticator } from "@tidings/core/keys/authenticate";
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
    requestsPerSecond: api.deps.defaultRequestsPerSecond,
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

it("enforces a team's limit, and what it tells of it, no longer than the operator gives as much", async () => {
  const { id, liveKey: key } = await api.createTenant();
  const [usual, more] = [api.deps.defaultRequestsPerSecond, api.deps.defaultRequestsPerSecond * 5];
  const set = (data: object) => api.database.tenant.update({ where: { id }, data });
  const enforced = async () => {
    api.deps.authenticator = createAuthenticator(api.deps); // what the last one knows of the key is a minute old at most
    const { headers, body } = await api.call("GET", "/v1/limits", { key });
    return [headers.get("ratelimit-policy"), body.requestsPerSecond, body.requestsSetBy];
  };
  await set({ requestsPerSecond: more, ownRequestsPerSecond: more - 1 });
  expect(await enforced()).toEqual([`"tenant";q=${more - 1};w=1`, more - 1, "team"]);
  await set({ requestsPerSecond: null });
  expect(await enforced()).toEqual([`"tenant";q=${usual};w=1`, usual, "platform"]);
  await set({ ownRequestsPerSecond: usual - 1 });
  expect(await enforced()).toEqual([`"tenant";q=${usual - 1};w=1`, usual - 1, "team"]);
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

it("lets a tenant allow its keys fewer requests than it was given, not more, and lift that again", async () => {
  const { id, liveKey: key } = await api.createTenant();
  await api.database.tenant.update({ where: { id }, data: { requestsPerSecond: 500 } });
  const set = (requestsPerSecond: number) =>
    api.call("PUT", "/v1/limits/requests", { key, body: { requestsPerSecond } });
  const lift = () => api.call("DELETE", "/v1/limits/requests", { key });
  const told = async () => (await api.call("GET", "/v1/limits", { key })).body;

  expect((await set(200)).status).toBe(204);
  expect(await told()).toMatchObject({ requestsPerSecond: 200, requestsSetBy: "team" });
  const tooMany = { status: 422, body: { errors: [{ pointer: "/requestsPerSecond" }] } };
  expect(await set(501)).toMatchObject(tooMany);
  expect(await set(0)).toMatchObject(tooMany);
  expect((await lift()).status).toBe(204);
  expect(await told()).toMatchObject({ requestsPerSecond: 500, requestsSetBy: "operator" });
  expect(await lift()).toMatchObject({ status: 404, body: { code: "not_found" } });
});
