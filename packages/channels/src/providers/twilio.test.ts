import { createTwilioFake, problem, type TwilioMessage } from "@tidings/tests/fakes/twilio-fake";
import { afterEach, expect, test } from "vitest";
import type { ConnectedAccount } from "../provider";
import { abortWhileHanging } from "../testing/abort-while-hanging";
import { twilio } from "./twilio";

const account = { accountSid: "AC0123456789abcdef", authToken: "t0ken", from: "+14155550100" };
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(config: Record<string, unknown> = {}) {
  const messages: TwilioMessage[] = [];
  const fake = await createTwilioFake({ onMessage: (message) => messages.push(message) });
  const sender = await twilio.connect(twilio.config.parse({ ...account, apiUrl: fake.url, ...config }), {
    outboundAllow: ["127.0.0.0/8"],
  });
  cleanups.push(
    () => fake.close(),
    () => sender.close?.() ?? Promise.resolve(),
  );
  return { fake, sender, messages };
}

function send(
  sender: ConnectedAccount,
  {
    channel = "sms",
    to = "+14155550123",
    content = { text: "Hi" },
    signal = new AbortController().signal,
    ...options
  }: { channel?: string; to?: string; content?: object; signal?: AbortSignal; receiptUrl?: string } = {},
) {
  return sender.send({ channel, to, content }, { idempotencyKey: "dlv_1", attempt: 1, signal, ...options });
}

test("an SMS goes out from the account's number and is billed by segments", async () => {
  const { sender, messages } = await start();
  expect(await send(sender)).toEqual({ kind: "sent", providerMessageId: messages[0]?.sid, units: 1 });
  expect(messages).toMatchObject([{ channel: "sms", to: "+14155550123", from: "+14155550100", text: "Hi" }]);
  expect(await send(sender, { content: { text: "x".repeat(400) } })).toMatchObject({ units: 3 });
});

test("Twilio is told where receipts go, when there is such a URL", async () => {
  const { sender, messages } = await start();
  const receiptUrl = "https://notify.example.com/receipts/twilio/t";
  await send(sender, { receiptUrl });
  await send(sender);
  expect(messages[0]?.fields).toMatchObject({ StatusCallback: receiptUrl });
  expect(messages[1]?.fields).not.toHaveProperty("StatusCallback");
});

test("credentials are checked without sending", async () => {
  const { fake } = await start();
  const { signal } = new AbortController();
  const check = (settings = {}) =>
    twilio.check?.(
      twilio.config.parse({ ...account, apiUrl: fake.url, ...settings }),
      { outboundAllow: ["127.0.0.0/8"] },
      signal,
    );
  expect(await check()).toEqual({ kind: "good" });
  expect(await check({ authToken: "wrong" })).toEqual({ kind: "refused", reason: "20003 Authenticate" });
  await fake.close();
  expect(await check()).toEqual({ kind: "unreachable", reason: expect.stringContaining("ECONNREFUSED") });
});

test("a messaging service picks the number when the account has one, and the segments it can't tell yet are counted", async () => {
  const { sender, messages } = await start({ messagingServiceSid: "MG01" });
  expect(await send(sender, { content: { text: "x".repeat(400) } })).toMatchObject({ units: 3 });
  expect(messages[0]?.fields).toMatchObject({ MessagingServiceSid: "MG01" });
  expect(messages[0]?.fields).not.toHaveProperty("From");
});

test("WhatsApp takes text and approved templates", async () => {
  const { sender, messages } = await start({ whatsappFrom: "+14155550199" });
  await send(sender, { channel: "whatsapp" });
  const providerTemplate = { id: "HX01", variables: { "1": "Ann" } };
  await send(sender, { channel: "whatsapp", content: { providerTemplate } });
  expect(messages.map(({ channel, from, to }) => [channel, from, to])).toEqual(
    Array(2).fill(["whatsapp", "+14155550199", "+14155550123"]),
  );
  expect(messages[1]?.fields).toMatchObject({ ContentSid: "HX01", ContentVariables: '{"1":"Ann"}' });
});

test("an account without a sender for the channel refuses", async () => {
  const { sender } = await start();
  expect(await send(sender, { channel: "whatsapp" })).toEqual({
    kind: "rejected",
    reason: "the account has no sender for whatsapp",
  });
});

test.each([
  ["+15005550001", { kind: "rejected", reason: expect.stringContaining("21211"), addressDead: true }],
  ["+15005550009", { kind: "rejected", reason: expect.stringContaining("21614"), addressDead: true }],
  ["+15005550004", { kind: "rejected", reason: "21610 Attempt to send to unsubscribed recipient" }],
])("%s is refused in Twilio's words", async (to, expected) => {
  const { sender } = await start();
  expect(await send(sender, { to })).toEqual(expected);
});

test.each([
  [
    problem(429, 20429, "Too Many Requests", { "retry-after": "7" }),
    { reason: "20429 Too Many Requests", retryAfterMs: 7_000 },
  ],
  [problem(400, 21611, "queue is full"), { reason: "21611 queue is full" }],
  [problem(401, 20003, "Authenticate"), { reason: "20003 Authenticate" }],
  [problem(500, 20500, "Internal Server Error"), { reason: "20500 Internal Server Error" }],
  [
    problem(503, 20503, "Service Unavailable", { "retry-after": "9" }),
    { reason: "20503 Service Unavailable", retryAfterMs: 9_000 },
  ],
  [{ status: 502, body: "<html>bad gateway</html>" }, { reason: "502 [HTTP 502] Failed to execute request" }],
  [
    { status: 504, body: "" },
    { reason: "504 [HTTP 504] Failed to execute request", ambiguous: true },
  ],
])("answered %j, it is tried again later", async (fault, expected) => {
  const { fake, sender } = await start();
  fake.script.next(1, fault);
  expect(await send(sender)).toEqual({ kind: "deferred", ...expected });
  expect(await send(sender)).toMatchObject({ kind: "sent" });
  expect(fake.tally.total).toBe(1);
});

test("a connection broken off after the request may have sent it", async () => {
  const { fake, sender } = await start();
  fake.script.next(1, "reset");
  expect(await send(sender)).toMatchObject({ kind: "deferred", ambiguous: true });
});

test("an abort ends a request that hangs, which may have been sent", async () => {
  const { fake, sender } = await start();
  const sending = abortWhileHanging(fake.script, (signal) => send(sender, { signal }));
  expect(await sending).toMatchObject({ kind: "deferred", ambiguous: true });
});

test("a server that isn't there was sent nothing", async () => {
  const { fake, sender } = await start();
  await fake.close();
  const outcome = await send(sender);
  expect(outcome).toMatchObject({ kind: "deferred", reason: expect.stringContaining("ECONNREFUSED") });
  expect(outcome).not.toHaveProperty("ambiguous");
});

test("the base URL's own path is kept, and so is Twilio's below it", async () => {
  const { fake, sender } = await start({ apiUrl: undefined });
  expect(fake.port).toBeGreaterThan(0);
  await sender.close?.();
  const paths: string[] = [];
  const { createServer } = await import("node:http");
  const gateway = createServer((request, response) => {
    paths.push(`${request.headers.host} ${request.url}`);
    response.writeHead(201, { "content-type": "application/json" }).end('{"sid":"SM1","num_segments":"1"}');
  });
  await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
  const { port } = gateway.address() as { port: number };
  const apiUrl = `http://127.0.0.1:${port}/twilio/`;
  const throughGateway = await twilio.connect(twilio.config.parse({ ...account, apiUrl }), {
    outboundAllow: ["127.0.0.0/8"],
  });
  expect(await send(throughGateway)).toMatchObject({ kind: "sent", providerMessageId: "SM1" });
  expect(paths).toEqual([`127.0.0.1:${port} /twilio/2010-04-01/Accounts/${account.accountSid}/Messages.json`]);
  await throughGateway.close?.();
  gateway.close();
});

test.each([
  [{ accountSid: "x", authToken: "t", from: "+1" }, "accountSid"],
  [{ accountSid: "AC0123456789", authToken: "", from: "+1" }, "authToken"],
  [{ accountSid: "AC0123456789", authToken: "t" }, ""],
])("the account %j is refused", (config, path) => {
  expect(twilio.config.safeParse(config).error?.issues[0]?.path.join(".")).toBe(path);
});
