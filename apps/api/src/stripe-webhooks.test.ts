import { stripeCall, stripeWebhookSecret } from "@tidings/tests/fakes/stripe-fake";
import { createTestDatabase, testRedisUrl } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestApi, type TestApi } from "./testing/start-test-api";

let api: TestApi;
let selfHosted: TestApi;
beforeAll(async () => {
  const services = { databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() };
  [api, selfHosted] = await Promise.all([
    startTestApi({ ...services, stripeWebhookSecret }),
    startTestApi({ ...services }),
  ]);
});
afterAll(() => Promise.all([api?.close(), selfHosted?.close()]));

const event = {
  id: "evt_1",
  object: "event" as const,
  type: "customer.subscription.updated",
  created: 1_795_000_000,
  livemode: false,
  data: { object: { object: "subscription", id: "sub_1", customer: "cus_1" } },
};

async function post(to: TestApi, { secret = stripeWebhookSecret, atMs = Date.now(), extra = "" } = {}) {
  const { headers, body } = stripeCall(event, secret, { atMs });
  const response = await fetch(`${to.url}/stripe/webhooks`, {
    method: "POST",
    headers,
    body: body.toString("utf8") + extra,
  });
  return { status: response.status, text: await response.text() };
}

it("stores an event once however often it is sent, to be applied by a consumer", async () => {
  expect(await Promise.all([post(api), post(api), post(api)])).toEqual(Array(3).fill({ status: 200, text: "" }));
  expect(await api.database.stripeEvent.findMany()).toMatchObject([
    { id: "evt_1", type: event.type, customerId: "cus_1", appliedAt: null, dueAt: expect.any(Date) },
  ]);
});

it("refuses what is forged, changed, old or too large", async () => {
  await api.database.stripeEvent.deleteMany();
  for (const call of [{ secret: "whsec_other" }, { atMs: Date.now() - 400_000 }, { extra: " " }]) {
    const { status, text } = await post(api, call);
    expect({ status, code: JSON.parse(text).code }).toEqual({ status: 400, code: "event_forged" });
  }
  expect((await post(api, { extra: " ".repeat(1024 * 1024) })).status).toBe(413);
  expect((await api.call("POST", "/stripe/webhooks", { body: event })).status).toBe(400);
  expect((await api.call("GET", "/stripe/webhooks")).status).toBe(405);
  expect(await api.database.stripeEvent.count()).toBe(0);
});

it("is no route without Stripe", async () => {
  expect((await post(selfHosted)).status).toBe(404);
});
