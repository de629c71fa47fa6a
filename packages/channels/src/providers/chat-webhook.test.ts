import { type ChatMessage, createChatFake } from "@tidings/tests/fakes/chat-fake";
import { afterEach, expect, test } from "vitest";
import type { Provider } from "../provider";
import { abortWhileHanging } from "../testing/abort-while-hanging";
import { discord } from "./discord";
import { slack } from "./slack";
import { teams } from "./teams";

const urls = {
  slack: "https://hooks.slack.com/services/T0/B0/secret",
  discord: "https://discord.com/api/webhooks/123/token?thread_id=7",
  teams: "https://prod-1.westus.logic.azure.com/workflows/ab/triggers/manual/paths/invoke?sig=x",
};
const providers = { slack, discord, teams } as unknown as Record<keyof typeof urls, Provider>;
const each = Object.keys(urls) as (keyof typeof urls)[];
const whole = {
  title: "Order <7>",
  text: "It is **on its way** & [tracked](https://acme.test/t?a=1&b=2)",
  actionUrl: "https://acme.test/7",
};
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(id: keyof typeof urls, { config = {}, outboundAllow = ["127.0.0.0/8"] } = {}) {
  const messages: ChatMessage[] = [];
  const fake = await createChatFake({ onMessage: (message) => messages.push(message) });
  const account = providers[id].config.parse({ apiUrl: fake.url, ...config });
  const sender = await providers[id].connect(account, { outboundAllow });
  cleanups.push(
    () => fake.close(),
    () => sender.close?.() ?? Promise.resolve(),
  );
  const send = (content: object = { text: "Hi" }, { to = urls[id], signal = new AbortController().signal } = {}) =>
    sender.send({ channel: "chat", to, content }, { idempotencyKey: "dlv_1", attempt: 1, signal });
  return { fake, messages, send };
}

test("Slack gets its own markup, and nothing that a variable held becomes a mention", async () => {
  const { messages, send } = await start("slack", { config: { name: "Acme", avatarUrl: "https://acme.test/a.png" } });
  expect(await send(whole)).toEqual({ kind: "sent", providerMessageId: "dlv_1" });
  await send({ text: "<!channel>" });
  expect(messages.map(({ path, payload }) => [path, payload])).toEqual([
    [
      "/services/T0/B0/secret",
      {
        text: "*Order &lt;7&gt;*\nIt is *on its way* &amp; <https://acme.test/t?a=1&amp;b=2|tracked>\n<https://acme.test/7>",
        username: "Acme",
        icon_url: "https://acme.test/a.png",
      },
    ],
    ["/services/T0/B0/secret", expect.objectContaining({ text: "&lt;!channel&gt;" })],
  ]);
});

test("Discord gets text as it is, or an embed, and tells the message's id", async () => {
  const { messages, send } = await start("discord", { config: { name: "Acme" } });
  expect(await send({ text: "**Hi**" })).toEqual({
    kind: "sent",
    providerMessageId: expect.stringMatching(/^\d{13}$/),
  });
  await send(whole);
  await send({ text: "x".repeat(4_000) });
  expect(messages.map(({ payload }) => payload)).toEqual([
    { content: "**Hi**", username: "Acme", allowed_mentions: { parse: ["users", "roles"] } },
    expect.objectContaining({
      embeds: [{ title: whole.title, description: whole.text, url: whole.actionUrl }],
    }),
    expect.objectContaining({ embeds: [{ description: "x".repeat(4_000) }] }),
  ]);
});

test("Teams gets an Adaptive Card", async () => {
  const { messages, send } = await start("teams");
  expect(await send(whole)).toEqual({ kind: "sent", providerMessageId: "dlv_1" });
  expect(messages).toMatchObject([
    {
      title: whole.title,
      text: whole.text,
      payload: {
        attachments: [
          {
            contentType: "application/vnd.microsoft.card.adaptive",
            content: { type: "AdaptiveCard", actions: [{ type: "Action.OpenUrl", url: whole.actionUrl }] },
          },
        ],
      },
    },
  ]);
});

test.each(each)("each reaches its own webhooks alone: %s", async (id) => {
  for (const [other, url] of Object.entries(urls)) expect(providers[id].reaches?.(url)).toBe(other === id);
  const { send, fake } = await start(id);
  const to = urls[id === "slack" ? "discord" : "slack"];
  expect(await send({ text: "Hi" }, { to })).toMatchObject({
    kind: "rejected",
    reason: expect.stringContaining("webhook"),
  });
  expect(fake.tally.total).toBe(0);
});

test.each([
  ["slack", "https://hooks.slack.com/services/gone", "404 no_service"],
  ["discord", "https://discord.com/api/webhooks/1/gone", '404 {"message":"Unknown Webhook","code":10015}'],
  ["teams", "https://acme.webhook.office.com/webhookb2/gone", expect.stringContaining("WorkflowNotFound")],
] as const)("a webhook of %s that was removed is dead", async (id, to, reason) => {
  const { send } = await start(id);
  expect(await send({ text: "Hi" }, { to })).toEqual({ kind: "rejected", reason, addressDead: true });
});

test.each([
  [
    "slack",
    { status: 410, body: "channel_is_archived" },
    { kind: "rejected", reason: "410 channel_is_archived", addressDead: true },
  ],
  ["slack", { status: 403, body: "action_prohibited" }, { kind: "rejected", reason: "403 action_prohibited" }],
  [
    "slack",
    { status: 429, body: "rate_limited", headers: { "retry-after": "30" } },
    { kind: "deferred", reason: "429 rate_limited", retryAfterMs: 30_000 },
  ],
  ["slack", { status: 500, body: "rollup_error" }, { kind: "deferred", reason: "500 rollup_error" }],
  ["slack", { status: 302, headers: { location: "/elsewhere" } }, { kind: "rejected", reason: "302" }],
  [
    "discord",
    { status: 429, body: { message: "You are being rate limited.", retry_after: 0.2501, global: false } },
    { kind: "deferred", reason: "429 You are being rate limited.", retryAfterMs: 251 },
  ],
  [
    "discord",
    { status: 429, body: "<html>", headers: { "retry-after": "9" } },
    { kind: "deferred", reason: "429 <html>", retryAfterMs: 9_000 },
  ],
  [
    "discord",
    { status: 401, body: { message: "Invalid Webhook Token", code: 50027 } },
    { kind: "rejected", reason: '401 {"message":"Invalid Webhook Token","code":50027}', addressDead: true },
  ],
  ["teams", { status: 200, body: "1" }, { kind: "sent", providerMessageId: "dlv_1" }],
  [
    "teams",
    {
      status: 200,
      body: "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x",
    },
    { kind: "deferred", reason: expect.stringContaining("HTTP error 429") },
  ],
  [
    "teams",
    {
      status: 200,
      body: "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 403 with ContextId x",
    },
    { kind: "rejected", reason: expect.stringContaining("HTTP error 403") },
  ],
  ["teams", { status: 504 }, { kind: "deferred", reason: "504", ambiguous: true }],
] as const)("%s answered %j", async (id, fault, outcome) => {
  const { fake, send } = await start(id);
  fake.script.next(1, fault);
  expect(await send()).toEqual(outcome);
});

test.each(each)("%s: a connection broken off after the request may have delivered it", async (id) => {
  const { fake, send } = await start(id);
  fake.script.next(1, "reset");
  expect(await send()).toMatchObject({ kind: "deferred", ambiguous: true });
});

test("an abort ends a request that hangs; one before it sends nothing", async () => {
  const { fake, send } = await start("slack");
  const sending = abortWhileHanging(fake.script, (signal) => send({ text: "Hi" }, { signal }));
  expect(await sending).toMatchObject({ kind: "deferred", ambiguous: true });
  const before = await send({ text: "Hi" }, { signal: AbortSignal.abort() });
  expect(before).toEqual({ kind: "deferred", reason: "aborted before it was sent" });
});

test("an API's URL into our own networks is refused", async () => {
  const { fake, send } = await start("teams", { outboundAllow: [] });
  expect(await send()).toEqual({ kind: "rejected", reason: "127.0.0.1 is not a public address" });
  expect(fake.tally.total).toBe(0);
});

test("Discord lets nobody post under its own name", () => {
  expect(discord.config.safeParse({ name: "Discord News" }).success).toBe(false);
});
