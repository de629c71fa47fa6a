import { createWebPushFake, type WebPushMessage } from "@tidings/tests/fakes/web-push-fake";
import { afterEach, expect, test } from "vitest";
import sdk from "web-push";
import { push } from "../channels/push";
import { abortWhileHanging } from "../testing/abort-while-hanging";
import { webPush } from "./web-push";

const account = { subject: "mailto:ops@acme.test", ...sdk.generateVAPIDKeys() };
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start({ config = {}, outboundAllow = ["127.0.0.0/8"] } = {}) {
  const messages: WebPushMessage[] = [];
  const fake = await createWebPushFake({ onMessage: (message) => messages.push(message) });
  const whole = webPush.config.parse({ ...account, apiUrl: fake.url, ...config });
  const sender = await webPush.connect(whole, { outboundAllow });
  cleanups.push(
    () => fake.close(),
    () => sender.close?.() ?? Promise.resolve(),
  );
  const browser = push.addressField.schema.parse(fake.subscribe(account.publicKey));
  const send = ({ to = browser, content = {} as object, signal = new AbortController().signal } = {}) =>
    sender.send(
      { channel: "push", to, content: { title: "Shipped", body: "Ünterwegs", ...content } },
      { idempotencyKey: "dlv_1", attempt: 1, signal },
    );
  return { fake, messages, send };
}

test("a message reaches the browser signed and encrypted, and a repetition replaces it", async () => {
  const { messages, send } = await start();
  const content = { data: { order: "7" }, actionUrl: "https://acme.test/7" };
  const sent = {
    kind: "sent",
    providerMessageId: expect.stringMatching(/^https:\/\/push\.example\.com\/message\/\d$/),
  };
  expect([await send({ content }), await send({ content })]).toEqual([sent, sent]);
  expect(messages[0]).toMatchObject({
    ttlSeconds: 2_419_200,
    urgency: "high",
    topic: expect.stringMatching(/^[\w-]{32}$/),
    vapid: { aud: "https://push.example.com", sub: "mailto:ops@acme.test" },
    payload: { title: "Shipped", body: "Ünterwegs", ...content, tag: "dlv_1" },
  });
  expect(messages[1]?.topic).toBe(messages[0]?.topic);
});

test("a browser that took its subscription back is dead", async () => {
  const { fake, send } = await start();
  fake.unsubscribeAll();
  const reason = "410 push subscription has unsubscribed or expired.";
  expect(await send()).toEqual({ kind: "rejected", reason, addressDead: true });
});

test.each([
  [{ status: 404 }, { kind: "rejected", reason: "404", addressDead: true }],
  [
    { status: 413, body: "too large" },
    { kind: "rejected", reason: "413 too large" },
  ],
  [
    { status: 400, body: "bad" },
    { kind: "rejected", reason: "400 bad" },
  ],
  [
    { status: 429, headers: { "retry-after": "30" } },
    { kind: "deferred", reason: "429", retryAfterMs: 30_000 },
  ],
  [
    { status: 503, headers: { "retry-after": "5" } },
    { kind: "deferred", reason: "503", retryAfterMs: 5_000 },
  ],
  [{ status: 401 }, { kind: "deferred", reason: "401" }],
  [{ status: 504 }, { kind: "deferred", reason: "504", ambiguous: true }],
])("answered %j", async (fault, outcome) => {
  const { fake, send } = await start();
  fake.script.next(1, fault);
  expect(await send()).toEqual(outcome);
});

test("what is too large for a push service is refused", async () => {
  const { send } = await start();
  const content = { body: "x".repeat(2_048), data: { one: "x".repeat(1_024), two: "y".repeat(1_024) } };
  expect(await send({ content })).toEqual({ kind: "rejected", reason: "413 the message is too large" });
});

test("keys other than those the browser subscribed with are the account's fault", async () => {
  const { fake, send } = await start({ config: sdk.generateVAPIDKeys() });
  expect(await send()).toMatchObject({ kind: "deferred", reason: expect.stringContaining("do not correspond") });
  expect(fake.tally.total).toBe(0);
});

test("a connection broken off after the request may have sent it", async () => {
  const { fake, send } = await start();
  fake.script.next(1, "reset");
  expect(await send()).toMatchObject({ kind: "deferred", ambiguous: true });
});

test("an abort ends a request that hangs", async () => {
  const { fake, send } = await start();
  const sending = abortWhileHanging(fake.script, (signal) => send({ signal }));
  expect(await sending).toMatchObject({ kind: "deferred", ambiguous: true });
});

test("an endpoint in our own networks is refused", async () => {
  const { fake, send } = await start({ config: { apiUrl: undefined }, outboundAllow: [] });
  const { keys } = JSON.parse(fake.subscribe(account.publicKey));
  for (const [host, reason] of [
    ["127.0.0.1", "127.0.0.1 is not a public address"],
    ["localhost", "localhost resolves to an address that is not public"],
  ]) {
    const to = JSON.stringify({ endpoint: `https://${host}:${fake.port}/send`, keys });
    expect(await send({ to })).toEqual({ kind: "rejected", reason });
  }
});

test("what is no subscription is refused", async () => {
  const { send } = await start();
  const outcome = await send({ to: '{"endpoint":"https://push.example.com/"}' });
  expect(outcome).toMatchObject({ kind: "rejected", reason: expect.stringContaining("keys") });
});

test("browsers alone are reached", () => {
  expect(["{}", "device-token-1", "ab".repeat(32)].map((to) => webPush.reaches?.(to))).toEqual([true, false, false]);
});

test.each([
  [{ subject: "ops@acme.test" }, "subject"],
  [{ publicKey: "short" }, "publicKey"],
  [{ publicKey: sdk.generateVAPIDKeys().publicKey }, "publicKey"],
  [{ privateKey: "short" }, "privateKey"],
  [{ privateKey: "_".repeat(43) }, "publicKey"],
])("the account %j is refused", (config, path) => {
  const { error } = webPush.config.safeParse({ ...account, ...config });
  expect(error?.issues.map((issue) => issue.path.join("."))).toContain(path);
});
