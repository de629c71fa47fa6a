import {
  createWhatsappCloudFake,
  problem,
  signedByMeta,
  type WhatsappCloudMessage,
  whatsappCall,
} from "@tidings/tests/fakes/whatsapp-cloud-fake";
import { afterEach, expect, test } from "vitest";
import { hostileCalls } from "../testing/hostile-calls";
import { whatsappCloud } from "./whatsapp-cloud";

const context = { outboundAllow: ["127.0.0.0/8"] };
const phoneNumberId = "106540352242922";
const account = { phoneNumberId, accessToken: "t0ken", appSecret: "app-secret", verifyToken: "verify-me" };
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(settings: Record<string, unknown> = {}) {
  const messages: WhatsappCloudMessage[] = [];
  const fake = await createWhatsappCloudFake({ onMessage: (message) => messages.push(message) });
  const config = whatsappCloud.config.parse({ ...account, apiUrl: fake.url, ...settings });
  const sender = await whatsappCloud.connect(config, context);
  cleanups.push(
    () => fake.close(),
    () => sender.close?.() ?? Promise.resolve(),
  );
  const send = (content: object = { text: "Hi" }, to = "+14155550123") =>
    sender.send(
      { channel: "whatsapp", to, content },
      { idempotencyKey: "dlv_1", attempt: 1, signal: new AbortController().signal },
    );
  return { fake, config, messages, send };
}

test("a text goes out", async () => {
  const { send, messages } = await start();
  expect(await send()).toEqual({ kind: "sent", providerMessageId: messages[0]?.id });
  expect(messages[0]?.fields).toMatchObject({
    messaging_product: "whatsapp",
    to: "+14155550123",
    type: "text",
    text: { body: "Hi" },
  });
});

test("a template goes out with its variables by number, by name, in the header and in a button", async () => {
  const { send, messages } = await start({ templateLanguage: "de" });
  await send({ providerTemplate: { id: "order_sent", variables: { "2": "two", "1": "one", "10": "ten" } } });
  await send({
    providerTemplate: { id: "code:en_US", variables: { code: "123", "header.1": "Acme", "button.0": "123" } },
  });
  await send({ providerTemplate: { id: "hello_world" } });
  expect(messages.map(({ fields }) => fields.template)).toEqual([
    {
      name: "order_sent",
      language: { code: "de" },
      components: [{ type: "body", parameters: ["one", "two", "ten"].map((text) => ({ type: "text", text })) }],
    },
    {
      name: "code",
      language: { code: "en_US" },
      components: [
        { type: "header", parameters: [{ type: "text", text: "Acme" }] },
        { type: "body", parameters: [{ type: "text", parameter_name: "code", text: "123" }] },
        { type: "button", sub_type: "url", index: "0", parameters: [{ type: "text", text: "123" }] },
      ],
    },
    { name: "hello_world", language: { code: "de" } },
  ]);
});

test("a refusal comes in Meta's words", async () => {
  const { send } = await start();
  expect(await send({ providerTemplate: { id: "missing" } })).toEqual({
    kind: "rejected",
    reason:
      "404 132001 (#132001) Template name does not exist in the translation template name (missing) does not exist in en_US",
  });
});

test.each([
  [problem(400, 131056, "pair rate limit hit"), { reason: "400 131056 (#131056) pair rate limit hit" }],
  [
    problem(429, 130429, "Rate limit hit", undefined, { "retry-after": "5" }),
    { reason: "429 130429 (#130429) Rate limit hit", retryAfterMs: 5_000 },
  ],
  [problem(401, 190, "expired"), { reason: "401 190 (#190) expired" }],
  [problem(400, 190, "expired"), { reason: "400 190 (#190) expired" }],
  [problem(400, 131042, "payment"), { reason: "400 131042 (#131042) payment" }],
  [problem(500, 131000, "Something went wrong"), { reason: "500 131000 (#131000) Something went wrong" }],
  [problem(504, 2, "timeout"), { reason: "504 2 (#2) timeout", ambiguous: true }],
  [
    { status: 200, body: "" },
    { reason: "200 without a message's id", ambiguous: true },
  ],
])("answered %j, it is tried again later", async (fault, expected) => {
  const { fake, send } = await start();
  fake.script.next(1, fault);
  expect(await send()).toEqual({ kind: "deferred", ...expected });
});

test("credentials are checked without sending", async () => {
  const { config, fake } = await start();
  const { signal } = new AbortController();
  expect(await whatsappCloud.check?.(config, context, signal)).toEqual({ kind: "good" });
  expect(await whatsappCloud.check?.({ ...config, accessToken: "wrong" }, context, signal)).toEqual({
    kind: "refused",
    reason: expect.stringContaining("Error validating access token"),
  });
  await fake.close();
  expect(await whatsappCloud.check?.(config, context, signal)).toMatchObject({ kind: "unreachable" });
});

const config = whatsappCloud.config.parse(account);
const url = "https://notify.example.com/receipts/whatsapp-cloud/token_1";
const id = "wamid.HBgLMTQxNTU1NTAxMjM=";
const told = { id, timestamp: "1770120865", recipient_id: "14155550123" };
const about = { providerMessageId: id, address: "+14155550123", at: "2026-02-03T12:14:25.000Z" };
const delivered = { ...about, eventId: `${id}:delivered`, kind: "delivered" };

function read(value: Record<string, unknown>) {
  return whatsappCloud.receipts?.read(whatsappCall(url, account.appSecret, phoneNumberId, value), config);
}

test.each([
  [{ ...told, status: "sent" }, []],
  [{ ...told, status: "delivered" }, [delivered]],
  [{ ...told, status: "read" }, [delivered, { ...about, eventId: `${id}:read`, kind: "opened" }]],
  [
    { ...told, status: "failed", errors: [{ code: 131026, title: "Message undeliverable" }] },
    [{ ...about, eventId: `${id}:failed`, kind: "bounced_soft", reason: "131026 Message undeliverable" }],
  ],
  [
    { ...told, status: "failed", errors: [{ code: 131050, title: "Stopped" }] },
    [
      { ...about, eventId: `${id}:failed`, kind: "bounced_soft", reason: "131050 Stopped" },
      {
        ...about,
        eventId: `${id}:failed:opt-out`,
        kind: "unsubscribed",
        providerMessageId: null,
        reason: "131050 Stopped",
      },
    ],
  ],
])("the status %j is read", async (status, receipts) => {
  expect(await read({ statuses: [status] })).toEqual({ kind: "receipts", receipts });
});

test.each([
  [{ type: "text", text: { body: "STOP" } }, "unsubscribed"],
  [{ type: "button", button: { text: "Stop", payload: "x" } }, "unsubscribed"],
  [{ type: "text", text: { body: "start" } }, "resubscribed"],
])("a person who sends %j is %s", async (message, kind) => {
  const messages = [{ from: "14155550123", id: "wamid.IN", timestamp: "1770120865", ...message }];
  expect(await read({ messages })).toMatchObject({
    receipts: [{ kind, address: "+14155550123", providerMessageId: null, eventId: "wamid.IN:inbound" }],
  });
});

test("a person who stops marketing in WhatsApp's own menu is unsubscribed", async () => {
  const preference = { wa_id: "14155550123", category: "marketing_messages", timestamp: 1770120865 };
  expect(await read({ user_preferences: [{ ...preference, value: "stop" }] })).toMatchObject({
    receipts: [{ kind: "unsubscribed", address: "+14155550123", at: about.at }],
  });
  expect(await read({ user_preferences: [{ ...preference, value: "resume" }] })).toMatchObject({
    receipts: [{ kind: "resubscribed" }],
  });
});

test("one piece that Meta has changed does not take the others with it", async () => {
  const statuses = [{ id: 7 }, { ...told, status: "delivered" }, null];
  expect(await read({ statuses, messages: ["?"] })).toEqual({ kind: "receipts", receipts: [delivered] });
});

test("what belongs to another number of the app is left to its own account", async () => {
  const call = whatsappCall(url, account.appSecret, "999999999", { statuses: [{ ...told, status: "delivered" }] });
  expect(await whatsappCloud.receipts?.read(call, config)).toEqual({ kind: "receipts", receipts: [] });
});

test.each([
  [
    "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=verify-me",
    { kind: "handshake", answer: "1158201444" },
  ],
  ["hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=guess", { kind: "forged" }],
  ["hub.challenge=1158201444&hub.verify_token=verify-me", { kind: "forged" }],
  ["", { kind: "forged" }],
  ["hub.mode=subscribe&hub.challenge=<script>&hub.verify_token=verify-me", { kind: "unreadable" }],
])("the handshake ?%s is answered", async (query, expected) => {
  const call = { method: "GET", url: `${url}?${query}`, headers: {}, body: Buffer.alloc(0) };
  expect(await whatsappCloud.receipts?.read(call, config)).toMatchObject(expected);
});

const good = whatsappCall(url, account.appSecret, phoneNumberId, { statuses: [{ ...told, status: "delivered" }] });
test.each(hostileCalls(good))("a call %s is forged", async (_name, call) => {
  expect(await whatsappCloud.receipts?.read(call, config)).toMatchObject({ kind: "forged" });
});

test.each(["", "null", "[]", '{"object":"page","entry":[]}', '{"object":"whatsapp_business_account"', '{"entry":{}}'])(
  "%j, well signed, is unreadable",
  async (text) => {
    const call = signedByMeta(url, account.appSecret, Buffer.from(text));
    expect(await whatsappCloud.receipts?.read(call, config)).toMatchObject({ kind: "unreadable" });
  },
);
