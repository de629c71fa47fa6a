import { createPlivoFake, type PlivoMessage, plivoCall, problem } from "@tidings/tests/fakes/plivo-fake";
import { afterEach, expect, test } from "vitest";
import type { SendOptions } from "../provider";
import { hostileCalls } from "../testing/hostile-calls";
import { plivo } from "./plivo";

const context = { outboundAllow: ["127.0.0.0/8"] };
const account = { authId: "MA0123456789", authToken: "t0ken", from: "+14155550100" };
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(settings: Record<string, unknown> = {}) {
  const messages: PlivoMessage[] = [];
  const fake = await createPlivoFake({ onMessage: (message) => messages.push(message) });
  const config = plivo.config.parse({ ...account, apiUrl: fake.url, ...settings });
  const sender = await plivo.connect(config, context);
  cleanups.push(
    () => fake.close(),
    () => sender.close?.() ?? Promise.resolve(),
  );
  const send = ({
    to = "+14155550123",
    text = "Hi",
    ...options
  }: Partial<SendOptions> & { to?: string; text?: string } = {}) =>
    sender.send(
      { channel: "sms", to, content: { text } },
      { idempotencyKey: "dlv_1", attempt: 1, signal: new AbortController().signal, ...options },
    );
  return { fake, config, messages, send };
}

test("an SMS goes out from the account's number, is billed by segments, and says where receipts go", async () => {
  const { send, messages } = await start();
  expect(await send()).toEqual({ kind: "sent", providerMessageId: messages[0]?.uuid, units: 1 });
  expect(messages[0]?.fields).toEqual({ src: "+14155550100", dst: "+14155550123", text: "Hi", type: "sms" });
  const receiptUrl = "https://notify.example.com/receipts/plivo/t";
  expect(await send({ text: "ж".repeat(100), receiptUrl })).toMatchObject({ units: 2 });
  expect(messages[1]?.fields).toMatchObject({ url: receiptUrl, method: "POST" });
});

test("a Powerpack picks the number when the account has one", async () => {
  const powerpackUuid = "86bbb125-97bb-4d72-89fd-81d5c515b015";
  const { send, messages } = await start({ powerpackUuid });
  await send();
  expect(messages[0]?.fields).toMatchObject({ powerpack_uuid: powerpackUuid });
  expect(messages[0]?.fields).not.toHaveProperty("src");
});

test("a refusal comes in Plivo's words", async () => {
  const { send } = await start();
  expect(await send({ to: "+1" })).toEqual({ kind: "rejected", reason: "400 +1 is not a valid phone number" });
});

test.each([
  [problem(429, "slow down", { "retry-after": "3" }), { reason: "429 slow down", retryAfterMs: 3_000 }],
  [problem(401, "who?"), { reason: "401 who?" }],
  [problem(500, "oh"), { reason: "500 oh" }],
  [problem(504, "oh"), { reason: "504 oh", ambiguous: true }],
  [
    { status: 202, body: { api_id: "1", message_uuid: [] } },
    { reason: "202 without a message's id", ambiguous: true },
  ],
])("answered %j, it is tried again later", async (fault, expected) => {
  const { fake, send } = await start();
  fake.script.next(1, fault);
  expect(await send()).toEqual({ kind: "deferred", ...expected });
});

test("credentials are checked without sending", async () => {
  const { config, fake } = await start();
  const { signal } = new AbortController();
  expect(await plivo.check?.(config, context, signal)).toEqual({ kind: "good" });
  expect(await plivo.check?.({ ...config, authToken: "wrong" }, context, signal)).toMatchObject({ kind: "refused" });
  await fake.close();
  expect(await plivo.check?.(config, context, signal)).toMatchObject({ kind: "unreachable" });
});

const config = plivo.config.parse(account);
const url = "https://notify.example.com/receipts/plivo/tok_1";
const id = "db3ce55a-7f1d-11e1-8ea7-1231380bc196";
const told = {
  MessageUUID: id,
  To: "14155550123",
  From: "14155550100",
  Type: "sms",
  Units: "1",
  DeliveryReportTime: "2026-02-03 12:14:25.500000",
};
const about = { providerMessageId: id, address: "+14155550123", at: "2026-02-03T12:14:25.500Z" };

test.each(["v2", "v3"] as const)("status callbacks signed by %s are read", async (version) => {
  const read = (fields: Record<string, string>) =>
    plivo.receipts?.read(plivoCall(url, account.authToken, { ...told, ...fields }, version), config);
  expect(await read({ Status: "delivered" })).toEqual({
    kind: "receipts",
    receipts: [{ ...about, eventId: `${id}:delivered`, kind: "delivered" }],
  });
  expect(await read({ Status: "sent" })).toEqual({ kind: "receipts", receipts: [] });
  expect(await read({ Status: "undelivered", ErrorCode: "70" })).toEqual({
    kind: "receipts",
    receipts: [{ ...about, eventId: `${id}:undelivered`, kind: "bounced_hard", reason: "undelivered 70" }],
  });
  expect(await read({ Status: "failed", ErrorCode: "80" })).toMatchObject({ receipts: [{ kind: "bounced_soft" }] });
  expect(await read({ Status: "failed", ErrorCode: "200" })).toMatchObject({
    receipts: [
      { kind: "bounced_soft", providerMessageId: id },
      { kind: "unsubscribed", providerMessageId: null, address: "+14155550123" },
    ],
  });
});

test.each([
  ["STOP", "unsubscribed"],
  ["unstop", "resubscribed"],
])("a person who writes %s is %s", async (Text, kind) => {
  const inbound = { MessageUUID: id, From: "14155550123", To: "14155550100", Type: "sms", Text };
  const reading = await plivo.receipts?.read(plivoCall(url, account.authToken, inbound, "v2"), config);
  expect(reading).toMatchObject({ receipts: [{ kind, address: "+14155550123", eventId: `${id}:inbound` }] });
});

test("a form whose V3 signature is wrong is not saved by a V2 signature, which does not cover it", async () => {
  const genuine = plivoCall(url, account.authToken, { ...told, Status: "failed", ErrorCode: "80" }, "v3");
  const both = plivoCall(url, account.authToken, { ...told, Status: "delivered" }, "v2");
  const call = { ...both, headers: { ...genuine.headers, ...both.headers } };
  expect(await plivo.receipts?.read(call, config)).toMatchObject({ kind: "forged" });
});

/** Made by plivo 4.79.0, Plivo's own client, with the auth token `t0ken` and the nonce `nonce1`. */
const query = "?b=2&a=x%20y&a=1";
test.each([
  [
    "POST",
    `https://notify.example.com:8443/receipts/plivo/tok_1${query}`,
    "E+8j8Ctu3uAwFA2jYBlIVg6XDjUGFZWxw5RLwWJgeKY=",
  ],
  ["POST", url, "mlafp8IAwGYG/HL1+zg47nAhynxxqV45bxQw4pzvKAo="],
  ["POST", `${url}/`, "S0UIjz575T9+wDn8URmE1dTGwaUkugg0Yl69Ct5SxbA="],
])("Plivo's own client signs %s %s the same way", async (method, target, signature) => {
  const fields = { MessageUUID: id, Status: "delivered", To: "14155550123", Text: "Grüße" };
  const body = Buffer.from(new URLSearchParams(fields).toString());
  const headers = { "x-plivo-signature-v3": signature, "x-plivo-signature-v3-nonce": "nonce1" };
  const reading = await plivo.receipts?.read({ method, url: target, headers, body }, config);
  expect(reading).toMatchObject({ receipts: [{ kind: "delivered" }] });
});

test("a call by GET is signed over its query", async () => {
  const headers = {
    "x-plivo-signature-v3": "9s4OFIuM+kQOcNAV43Ivi5/9SNtm2mTzOeo/BWJ+9Kc=",
    "x-plivo-signature-v3-nonce": "nonce1",
  };
  const target = `https://notify.example.com:8443/receipts/plivo/tok_1${query}`;
  const reading = await plivo.receipts?.read({ method: "GET", url: target, headers, body: Buffer.alloc(0) }, config);
  expect(reading).toEqual({ kind: "unreadable", reason: "no MessageUUID" });
});

test.each(hostileCalls(plivoCall(url, account.authToken, { ...told, Status: "delivered" })))(
  "a call %s is forged",
  async (_name, call) => {
    expect(await plivo.receipts?.read(call, config)).toMatchObject({ kind: "forged" });
  },
);

test("a call signed by another token, or for another URL, is forged", async () => {
  const fields = { ...told, Status: "delivered" };
  for (const version of ["v2", "v3"] as const) {
    const foreign = plivoCall(url, "another", fields, version);
    expect(await plivo.receipts?.read(foreign, config)).toMatchObject({ kind: "forged" });
    const elsewhere = { ...plivoCall(url, account.authToken, fields, version), url: `${url}x` };
    expect(await plivo.receipts?.read(elsewhere, config)).toMatchObject({ kind: "forged" });
  }
});

test.each([
  [{ ...account, authId: "x" }, "authId"],
  [{ authId: account.authId, authToken: "t" }, ""],
])("the account %j is refused", (settings, path) => {
  expect(plivo.config.safeParse(settings).error?.issues[0]?.path.join(".")).toBe(path);
});
