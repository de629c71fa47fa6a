import { createHmac, generateKeyPairSync } from "node:crypto";
import { createVonageFake, problem, type VonageMessage, vonageCall } from "@tidings/tests/fakes/vonage-fake";
import { afterEach, expect, test } from "vitest";
import type { SendOptions } from "../provider";
import { abortWhileHanging } from "../testing/abort-while-hanging";
import { hostileCalls } from "../testing/hostile-calls";
import { vonage } from "./vonage";

const context = { outboundAllow: ["127.0.0.0/8"] };
const account = { apiKey: "abcd1234", apiSecret: "s3cret", from: "+14155550100", signatureSecret: "signed-by-me" };
const applicationId = "6a4e2f62-3b6c-4d4d-8f6e-2d6c0f6f2a10";
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const application = { applicationId, privateKey: privateKey.export({ type: "pkcs8", format: "pem" }) };
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(settings: Record<string, unknown> = {}) {
  const messages: VonageMessage[] = [];
  const fake = await createVonageFake({
    onMessage: (message) => messages.push(message),
    applications: { [applicationId]: publicKey.export({ type: "spki", format: "pem" }) },
  });
  const config = vonage.config.parse({ ...account, apiUrl: fake.url, ...settings });
  const sender = await vonage.connect(config, context);
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

test("an SMS goes out with numbers as Vonage writes them, and is billed by segments", async () => {
  const { send, messages } = await start();
  expect(await send()).toEqual({ kind: "sent", providerMessageId: messages[0]?.uuid, units: 1 });
  expect(messages[0]).toMatchObject({ to: "14155550123", from: "14155550100", text: "Hi" });
  expect(messages[0]?.fields).toMatchObject({ client_ref: "dlv_1" });
  expect(messages[0]?.fields).not.toHaveProperty("webhook_url");
  expect(await send({ text: "x".repeat(400) })).toMatchObject({ units: 3 });
});

test("Vonage is told where receipts go", async () => {
  const { send, messages } = await start();
  await send({ receiptUrl: "https://notify.example.com/receipts/vonage/t" });
  expect(messages[0]?.fields).toMatchObject({
    webhook_url: "https://notify.example.com/receipts/vonage/t",
    webhook_version: "v1",
  });
});

test("an account with an application signs with its key", async () => {
  const { send, config } = await start({ ...application, apiSecret: "wrong" });
  expect(await send()).toMatchObject({ kind: "sent" });
  const other = await start({ ...application, applicationId: "00000000-0000-4000-8000-000000000000" });
  expect(await other.send()).toMatchObject({ kind: "deferred", reason: expect.stringContaining("401") });
  expect(config.privateKey).toContain("PRIVATE KEY");
});

test("a number that is none is refused as dead, a text too long is not the number's fault", async () => {
  const { send } = await start();
  expect(await send({ to: "+1" })).toEqual({
    kind: "rejected",
    reason: expect.stringContaining("to: Is not a valid E.164 number"),
    addressDead: true,
  });
  expect(await send({ text: "x".repeat(1_001) })).toEqual({
    kind: "rejected",
    reason: expect.stringContaining("text: length must be between 1 and 1000"),
  });
});

const throttled = { headers: { "retry-after": "7" } };
test.each([
  [problem(429, "#1000", "Throttled", "wait", throttled), { reason: "429 Throttled, wait", retryAfterMs: 7_000 }],
  [problem(422, "#1000", "Throttled", "wait"), { reason: "422 Throttled, wait" }],
  [problem(402, "#low-balance", "Low balance", "top up"), { reason: "402 Low balance, top up" }],
  [problem(403, "#forbidden", "Forbidden", "no"), { reason: "403 Forbidden, no" }],
  [{ status: 502, body: "<html>bad gateway</html>" }, { reason: "502" }],
  [
    { status: 504, body: "" },
    { reason: "504", ambiguous: true },
  ],
  [
    { status: 202, body: "not json" },
    { reason: "202 without a message's id", ambiguous: true },
  ],
])("answered %j, it is tried again later", async (fault, expected) => {
  const { fake, send } = await start();
  fake.script.next(1, fault);
  expect(await send()).toEqual({ kind: "deferred", ...expected });
});

test("what may have been sent is told from what cannot have been", async () => {
  const { fake, send } = await start();
  fake.script.next(1, "reset");
  expect(await send()).toMatchObject({ kind: "deferred", ambiguous: true });
  const sending = abortWhileHanging(fake.script, (signal) => send({ signal }));
  expect(await sending).toMatchObject({ kind: "deferred", ambiguous: true });
  const aborted = await send({ signal: AbortSignal.abort() });
  expect(aborted).toEqual({ kind: "deferred", reason: expect.stringContaining("aborted") });
  await fake.close();
  expect(await send()).toEqual({ kind: "deferred", reason: expect.stringContaining("ECONNREFUSED") });
});

test("an API in our own network is not reached", async () => {
  const { config, fake } = await start();
  const sender = await vonage.connect(config, { outboundAllow: [] });
  const options = { idempotencyKey: "dlv_1", attempt: 1, signal: new AbortController().signal };
  const outcome = await sender.send({ channel: "sms", to: "+14155550123", content: { text: "Hi" } }, options);
  expect(outcome).toEqual({ kind: "deferred", reason: "127.0.0.1 is not a public address" });
  expect(fake.tally.total).toBe(0);
});

test("credentials are checked without sending", async () => {
  const { config, fake } = await start();
  const signal = new AbortController().signal;
  expect(await vonage.check?.(config, context, signal)).toEqual({ kind: "good" });
  expect(await vonage.check?.({ ...config, apiSecret: "wrong" }, context, signal)).toEqual({
    kind: "refused",
    reason: "401 Unauthorized, You did not provide correct credentials.",
  });
  await fake.close();
  expect(await vonage.check?.(config, context, signal)).toMatchObject({ kind: "unreachable" });
});

const config = vonage.config.parse(account);
const url = "https://notify.example.com/receipts/vonage/token_1";
const uuid = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
const told = {
  message_uuid: uuid,
  to: "14155550123",
  from: "14155550100",
  timestamp: "2026-02-03T12:14:25Z",
  channel: "sms",
};

function rejected(code: number, title: string | number) {
  const error = { type: `https://developer.vonage.com/api-errors/messages#${code}`, title, detail: "in words" };
  return { ...told, status: "rejected", error };
}

function read(body: Record<string, unknown>, secret = account.signatureSecret, issuedAt?: number) {
  return vonage.receipts?.read(vonageCall(url, secret, body, issuedAt), config);
}

const about = { providerMessageId: uuid, address: "+14155550123", at: "2026-02-03T12:14:25.000Z" };
test.each([
  [{ ...told, status: "delivered" }, [{ ...about, eventId: `${uuid}:delivered`, kind: "delivered" }]],
  [{ ...told, status: "submitted" }, []],
  [
    rejected(1190, 1190),
    [{ ...about, eventId: `${uuid}:rejected`, kind: "bounced_hard", reason: "rejected 1190 in words" }],
  ],
  [
    rejected(1180, "1180"),
    [{ ...about, eventId: `${uuid}:rejected`, kind: "bounced_soft", reason: "rejected 1180 in words" }],
  ],
  [
    rejected(1240, 1240),
    [
      { ...about, eventId: `${uuid}:rejected`, kind: "bounced_soft", reason: "rejected 1240 in words" },
      {
        ...about,
        eventId: `${uuid}:rejected:opt-out`,
        kind: "unsubscribed",
        providerMessageId: null,
        reason: "rejected 1240 in words",
      },
    ],
  ],
])("%j is read as %j", async (body, receipts) => {
  expect(await read(body)).toEqual({ kind: "receipts", receipts });
});

test.each([
  ["Stop", "unsubscribed"],
  ["START", "resubscribed"],
])("a person who writes %s is %s", async (text, kind) => {
  const inbound = { ...told, to: told.from, from: told.to, text, message_type: "text", sms: { num_messages: "1" } };
  expect(await read(inbound)).toMatchObject({
    receipts: [{ kind, address: "+14155550123", providerMessageId: null, eventId: `${uuid}:inbound` }],
  });
  expect(await read({ ...inbound, text: "when do you open?" })).toEqual({ kind: "receipts", receipts: [] });
});

test("a call told again is the same event", async () => {
  const call = vonageCall(url, account.signatureSecret, { ...told, status: "delivered" });
  expect(await vonage.receipts?.read(call, config)).toEqual(await vonage.receipts?.read(call, config));
});

test("a token of the day before yesterday is too old, one of yesterday is not", async () => {
  const now = Math.floor(Date.now() / 1_000);
  const body = { ...told, status: "delivered" };
  expect(await read(body, account.signatureSecret, now - 26 * 3_600)).toMatchObject({ kind: "forged" });
  expect(await read(body, account.signatureSecret, now - 23 * 3_600)).toMatchObject({ kind: "receipts" });
  expect(await read(body, account.signatureSecret, now + 3_600)).toMatchObject({ kind: "forged" });
});

test.each(hostileCalls(vonageCall(url, account.signatureSecret, { ...told, status: "delivered" })))(
  "a call %s is forged",
  async (_name, call) => {
    expect(await vonage.receipts?.read(call, config)).toMatchObject({ kind: "forged", reason: expect.any(String) });
  },
);

test("a call signed by another secret, by none, or for an account without one is forged", async () => {
  const call = vonageCall(url, account.signatureSecret, { ...told, status: "delivered" });
  expect(await read({ ...told, status: "delivered" }, "another")).toMatchObject({ kind: "forged" });
  const [, payload] = call.headers.authorization?.split(".") ?? [];
  for (const alg of ["none", "HS512"]) {
    const signed = `${Buffer.from(JSON.stringify({ alg })).toString("base64url")}.${payload}`;
    const signature = createHmac("sha256", account.signatureSecret).update(signed).digest("base64url");
    const headers = { ...call.headers, authorization: `Bearer ${signed}.${signature}` };
    expect(await vonage.receipts?.read({ ...call, headers }, config)).toMatchObject({ kind: "forged" });
  }
  const { signatureSecret: _, ...without } = config;
  expect(await vonage.receipts?.read(call, without)).toMatchObject({ kind: "forged" });
});

test("what is signed but undocumented is unreadable", async () => {
  expect(await read({ hello: "world" })).toMatchObject({ kind: "unreadable" });
  expect(await read({ message_uuid: uuid, channel: "rcs" })).toEqual({ kind: "receipts", receipts: [] });
});

test.each([
  [{ ...account, applicationId }, "applicationId"],
  [{ ...account, privateKey: application.privateKey }, "applicationId"],
  [{ ...account, from: "" }, "from"],
])("an incomplete account is refused", (settings, path) => {
  expect(vonage.config.safeParse(settings).error?.issues[0]?.path.join(".")).toBe(path);
});
