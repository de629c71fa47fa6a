import { createSnsFake, problem, type SnsMessage, snsAccount } from "@tidings/tests/fakes/sns-fake";
import { afterEach, expect, test } from "vitest";
import { sns } from "./sns";

const context = { outboundAllow: ["127.0.0.0/8"] };
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(settings: Record<string, unknown> = {}) {
  const messages: SnsMessage[] = [];
  const fake = await createSnsFake({ onMessage: (message) => messages.push(message) });
  const config = sns.config.parse({ ...snsAccount, apiUrl: fake.url, ...settings });
  const sender = await sns.connect(config, context);
  cleanups.push(
    () => fake.close(),
    () => sender.close?.() ?? Promise.resolve(),
  );
  const send = ({ to = "+14155550123", text = "Hi" } = {}) =>
    sender.send(
      { channel: "sms", to, content: { text } },
      { idempotencyKey: "dlv_1", attempt: 1, signal: new AbortController().signal },
    );
  return { fake, config, messages, send };
}

test("an SMS is published as transactional and billed by segments", async () => {
  const { send, messages } = await start();
  expect(await send()).toEqual({ kind: "sent", providerMessageId: messages[0]?.id, units: 1 });
  expect(messages).toMatchObject([
    { to: "+14155550123", text: "Hi", attributes: { "AWS.SNS.SMS.SMSType": "Transactional" } },
  ]);
  expect(await send({ text: "x".repeat(400) })).toMatchObject({ units: 3 });
});

test("an account's sender ID and number go with it", async () => {
  const { send, messages } = await start({ senderId: "Acme", from: "+14155550100" });
  await send();
  expect(messages[0]?.attributes).toMatchObject({
    "AWS.SNS.SMS.SenderID": "Acme",
    "AWS.MM.SMS.OriginationNumber": "+14155550100",
  });
});

test("a number that is none is refused as dead, in Amazon's words", async () => {
  const { send } = await start();
  expect(await send({ to: "+1" })).toEqual({
    kind: "rejected",
    reason: expect.stringContaining("Invalid parameter: PhoneNumber Reason: +1 is not valid to publish to"),
    addressDead: true,
  });
});

test.each([
  [problem(400, "Throttling", "Rate exceeded", { "retry-after": "2" }), { retryAfterMs: 2_000 }],
  [problem(429, "Throttled", "Rate exceeded"), {}],
  [problem(403, "InvalidClientTokenId", "unknown token"), {}],
  [problem(400, "IncompleteSignature", "incomplete"), {}],
  [problem(500, "InternalError", "oh"), {}],
  [problem(504, "GatewayTimeout", "oh"), { ambiguous: true }],
  ["reset" as const, { ambiguous: true }],
])("answered %j, it is tried again later, and by us alone", async (fault, expected) => {
  const { fake, send } = await start();
  fake.script.next(1, fault);
  expect(await send()).toEqual({ kind: "deferred", reason: expect.stringMatching(/./), ...expected });
  expect(fake.tally.total).toBe(0);
  expect(await send()).toMatchObject({ kind: "sent" });
});

test("a server that isn't there was sent nothing", async () => {
  const { fake, send } = await start();
  await fake.close();
  expect(await send()).toEqual({ kind: "deferred", reason: expect.stringContaining("ECONNREFUSED") });
});

test("credentials are checked without sending", async () => {
  const { config, fake } = await start();
  const { signal } = new AbortController();
  expect(await sns.check?.(config, context, signal)).toEqual({ kind: "good" });
  for (const wrong of [{ accessKeyId: "AKIAWRONG" }, { secretAccessKey: "wrong" }]) {
    expect(await sns.check?.({ ...config, ...wrong }, context, signal)).toEqual({
      kind: "refused",
      reason: expect.stringContaining("The security token included in the request is invalid"),
    });
  }
  await fake.close();
  expect(await sns.check?.(config, context, signal)).toMatchObject({ kind: "unreachable" });
});

test.each([
  ["Stop", "unsubscribed"],
  ["START", "resubscribed"],
])("a person who writes %s to one of the account's numbers is %s", async (text, kind) => {
  const { fake, config } = await start();
  const withTopic = { ...config, topicArn: fake.topic.topicArn };
  const call = fake.inbound("+14155550123", text);
  expect(await sns.receipts?.read(call, withTopic, context)).toMatchObject({
    kind: "receipts",
    receipts: [{ kind, address: "+14155550123", providerMessageId: null }],
  });
  expect(await sns.receipts?.read(call, withTopic, context)).toEqual(
    await sns.receipts?.read(call, withTopic, context),
  );
  const chat = fake.inbound("+14155550123", "hello");
  expect(await sns.receipts?.read(chat, withTopic, context)).toEqual({ kind: "receipts", receipts: [] });
});

test("the account's topic is subscribed to, and no other is believed", async () => {
  const { fake, config } = await start();
  const withTopic = { ...config, topicArn: fake.topic.topicArn };
  expect(await sns.receipts?.read(fake.topic.subscribe(), withTopic, context)).toMatchObject({ kind: "handshake" });
  expect(fake.topic.confirmed).toHaveLength(1);
  const call = fake.inbound("+14155550123", "STOP");
  expect(await sns.receipts?.read(call, config)).toMatchObject({ kind: "forged" });
  const changed = Buffer.from(call.body.toString().replace("14155550123", "14155550199"));
  for (const body of [changed, call.body.subarray(0, 100), Buffer.alloc(5_000_000, "{"), Buffer.alloc(0)]) {
    expect(await sns.receipts?.read({ ...call, body }, withTopic, context)).toMatchObject({ kind: "forged" });
  }
  expect(await sns.receipts?.read(fake.topic.notify("hello"), withTopic, context)).toMatchObject({
    kind: "unreadable",
  });
});

test.each([
  [{ ...snsAccount, region: "somewhere" }, "region"],
  [{ ...snsAccount, senderId: "12345" }, "senderId"],
  [{ ...snsAccount, from: "Acme" }, "from"],
])("the account %j is refused", (settings, path) => {
  expect(sns.config.safeParse(settings).error?.issues[0]?.path.join(".")).toBe(path);
});
