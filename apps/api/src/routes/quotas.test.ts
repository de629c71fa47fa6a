import { plans } from "@tidings/shared/plans";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import { startTestApi, type TestApi, type TestTenant } from "../testing/start-test-api";

const quota = plans.free.monthlyUnits.sms;
const sms = { channel: "sms", recipient: { phone: "+14155550100" }, content: { text: "Hello" } };
let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
});
afterAll(() => api.close());
beforeEach(async () => {
  tenant = await api.createTenant();
  await api.database.tenant.update({ where: { id: tenant.id }, data: { plan: "free", requestsPerSecond: 10_000 } });
});

async function use(accepted: number): Promise<void> {
  const day = new Date(new Date().toISOString().slice(0, 10));
  const common = { tenantId: tenant.id, day, mode: "live", channel: "sms", provider: "", category: "" };
  await api.database.usage.create({ data: { ...common, accepted } });
}

const send = (body: unknown = sms, headers: Record<string, string> = {}, key = tenant.liveKey) =>
  api.call<Record<string, unknown>>("POST", "/v1/notifications", { key, body, headers });
const sendBatch = (notifications: unknown[], headers: Record<string, string> = {}) =>
  api.call<{ data: { index: number; id?: string; error?: { code: string } }[] }>("POST", "/v1/notifications/batch", {
    ...{ key: tenant.liveKey, body: { notifications }, headers },
  });
const written = () => api.database.notification.count({ where: { tenantId: tenant.id } });

it("refuses what goes over a hard quota until the month is over, and nothing else", async () => {
  await use(quota - 1);
  expect(await send()).toMatchObject({ status: 202 });
  const refused = await send();
  expect(refused).toMatchObject({ status: 429, body: { code: "quota_exceeded" } });
  const now = new Date();
  const untilNext = (Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1) - now.getTime()) / 1_000;
  expect(Math.abs(Number(refused.headers.get("retry-after")) - untilNext)).toBeLessThan(60);
  expect(await send({ ...sms, priority: "critical" })).toMatchObject({ status: 202 });
  expect(await send(sms, {}, tenant.testKey)).toMatchObject({ status: 202 });
  const email = {
    channel: "email",
    recipient: { email: "ann@example.com" },
    content: { subject: "Hi", text: "Hello" },
  };
  expect(await send(email)).toMatchObject({ status: 202 });
  expect(await written()).toBe(4);
});

it("refuses items of a batch one by one, and the whole when none is left", async () => {
  await use(quota - 2);
  const { status, body } = await sendBatch([sms, { ...sms, channel: "pigeon" }, sms, sms]);
  expect(status).toBe(202);
  expect(body.data.map(({ index, id, error }) => [index, id ? "accepted" : error?.code])).toEqual([
    [0, "accepted"],
    [1, "invalid_body"],
    [2, "accepted"],
    [3, "quota_exceeded"],
  ]);
  expect(await sendBatch([sms, sms])).toMatchObject({ status: 429, body: { code: "quota_exceeded" } });
  expect(await sendBatch([sms, { ...sms, channel: "pigeon" }])).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: "/notifications/0" }, { pointer: expect.stringMatching(/^\/notifications\/1/) }] },
  });
  expect(await written()).toBe(2);
});

it("answers the repetition of what was accepted, although the quota is used up since", async () => {
  await use(quota - 3);
  const first = await send(sms, { "idempotency-key": "one" });
  const batch = await sendBatch([sms, sms], { "idempotency-key": "two" });
  expect(await send()).toMatchObject({ status: 429 });
  expect(await send(sms, { "idempotency-key": "one" })).toMatchObject({ status: 202, body: first.body });
  expect(await sendBatch([sms, sms], { "idempotency-key": "two" })).toMatchObject({ status: 202, body: batch.body });
  expect(await send(sms, { "idempotency-key": "new" })).toMatchObject({ status: 429 });
  expect(await send({ ...sms, priority: "low" }, { "idempotency-key": "one" })).toMatchObject({ status: 429 });
  expect(await written()).toBe(3);
});

it("accepts everything on a plan whose quotas are soft", async () => {
  await api.database.tenant.update({ where: { id: tenant.id }, data: { plan: "growth" } });
  await use(10_000_000);
  expect(await send()).toMatchObject({ status: 202 });
});

it("shows in the limits what is used and waits", async () => {
  await use(3);
  const { body } = await api.call<{ quotas: object[] }>("GET", "/v1/limits", { key: tenant.liveKey });
  expect(body.quotas).toContainEqual({
    ...{ channel: "sms", month: new Date().toISOString().slice(0, 7), monthlyUnits: quota, used: 3, limit: "hard" },
  });
});
