import { createWebhookSink, type SunkWebhook } from "@tidings/tests/fakes/webhook-sink";
import { Webhook } from "standardwebhooks";
import { afterEach, expect, test } from "vitest";
import type { ConnectedAccount } from "../provider";
import { abortWhileHanging } from "../testing/abort-while-hanging";
import { webhookPost } from "./webhook-post";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(outboundAllow = ["127.0.0.0/8"], config: object = {}) {
  const posts: SunkWebhook[] = [];
  const sink = await createWebhookSink({ onMessage: (post) => posts.push(post) });
  const sender = await webhookPost.connect(webhookPost.config.parse(config), { outboundAllow });
  cleanups.push(
    () => sink.close(),
    () => sender.close?.() ?? Promise.resolve(),
  );
  return { sink, sender, posts };
}

function send(sender: ConnectedAccount, to: string, signal = new AbortController().signal) {
  const message = { channel: "webhook", to, content: { payload: { order: "ø 7", total: 12.5 } } };
  return sender.send(message, { idempotencyKey: "dlv_1", attempt: 1, signal });
}

test("the payload is posted as JSON with an id that stays and the time of this attempt", async () => {
  const { sink, sender, posts } = await start();
  expect(await send(sender, `${sink.url}/orders?x=1`)).toEqual({ kind: "sent", providerMessageId: "dlv_1" });
  expect(posts).toMatchObject([
    {
      path: "/orders",
      headers: { "webhook-id": "dlv_1", "content-type": "application/json", "user-agent": "Tidings" },
    },
  ]);
  expect(JSON.parse(posts[0]?.body ?? "")).toEqual({ order: "ø 7", total: 12.5 });
  expect(Number(posts[0]?.headers["webhook-timestamp"])).toBeCloseTo(Date.now() / 1_000, -1);
});

test("with a secret it is signed as a receiver verifies it, without one it is not", async () => {
  const secret = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
  const { sink, sender, posts } = await start(undefined, { secret });
  await send(sender, sink.url);
  const { body, headers } = posts[0] as SunkWebhook;
  expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual({ order: "ø 7", total: 12.5 });
  const unsigned = await start();
  await send(unsigned.sender, unsigned.sink.url);
  expect(unsigned.posts[0]?.headers).not.toHaveProperty("webhook-signature");
  expect(webhookPost.config.safeParse({ secret: "hunter2" }).success).toBe(false);
});

test.each([
  [{ status: 204 }, { kind: "sent", providerMessageId: "dlv_1" }],
  [
    { status: 301, headers: { location: "/elsewhere" } },
    { kind: "rejected", reason: "301" },
  ],
  [
    { status: 400, body: "no such order" },
    { kind: "rejected", reason: "400 no such order" },
  ],
  [
    { status: 404, body: { error: "gone fishing" } },
    { kind: "rejected", reason: '404 {"error":"gone fishing"}' },
  ],
  [
    { status: 410, body: "gone" },
    { kind: "rejected", reason: "410 gone", addressDead: true },
  ],
  [{ status: 408 }, { kind: "deferred", reason: "408" }],
  [{ status: 425 }, { kind: "deferred", reason: "425" }],
  [
    { status: 429, headers: { "retry-after": "30" } },
    { kind: "deferred", reason: "429", retryAfterMs: 30_000 },
  ],
  [
    { status: 500, body: "oops" },
    { kind: "deferred", reason: "500 oops" },
  ],
  [
    { status: 503, headers: { "retry-after": "2" } },
    { kind: "deferred", reason: "503", retryAfterMs: 2_000 },
  ],
] as const)("answered %j it is %j", async (fault, outcome) => {
  const { sink, sender } = await start();
  sink.script.next(1, fault);
  expect(await send(sender, sink.url)).toEqual(outcome);
});

test("of a long answer only the beginning is read and kept", async () => {
  const { sink, sender } = await start();
  sink.script.next(1, { status: 400, body: "x".repeat(5_000_000) });
  const outcome = await send(sender, sink.url);
  expect(outcome).toEqual({ kind: "rejected", reason: `400 ${"x".repeat(500)}` });
  expect(await send(sender, sink.url)).toMatchObject({ kind: "sent" });
});

test("a connection broken off after the request may have delivered it", async () => {
  const { sink, sender } = await start();
  sink.script.next(1, "reset");
  expect(await send(sender, sink.url)).toMatchObject({ kind: "deferred", ambiguous: true });
});

test("a receiver that isn't there got nothing", async () => {
  const { sink, sender } = await start();
  await sink.close();
  const outcome = await send(sender, sink.url);
  expect(outcome).toMatchObject({ kind: "deferred", reason: expect.stringContaining("ECONNREFUSED") });
  expect(outcome).not.toHaveProperty("ambiguous");
});

test("an abort ends a request that hangs", async () => {
  const { sink, sender } = await start();
  const sending = abortWhileHanging(sink.script, (signal) => send(sender, sink.url, signal));
  expect(await sending).toMatchObject({ kind: "deferred", ambiguous: true });
});

test("a URL into our own networks is refused, and nothing is posted", async () => {
  const { sink, sender } = await start([]);
  expect(await send(sender, sink.url)).toEqual({ kind: "rejected", reason: "127.0.0.1 is not a public address" });
  expect(await send(sender, `http://localhost:${sink.port}/`)).toEqual({
    kind: "rejected",
    reason: "localhost resolves to an address that is not public",
  });
  expect(sink.tally.total).toBe(0);
});
