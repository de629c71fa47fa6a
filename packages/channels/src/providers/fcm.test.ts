import { generateKeyPairSync } from "node:crypto";
import { createFcmFake, type FcmMessage, invalidGrant, problem } from "@tidings/tests/fakes/fcm-fake";
import { afterEach, expect, test, vi } from "vitest";
import type { ConnectedAccount } from "../provider";
import { abortWhileHanging } from "../testing/abort-while-hanging";
import { fcm } from "./fcm";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const serviceAccount = {
  project_id: "acme-app",
  client_email: "push@acme-app.iam.gserviceaccount.com",
  private_key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
};
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start() {
  const messages: FcmMessage[] = [];
  const fake = await createFcmFake({ onMessage: (message) => messages.push(message) });
  const account = fcm.config.parse({ serviceAccount, apiUrl: fake.url });
  const sender = await fcm.connect(account, { outboundAllow: ["127.0.0.0/8"] });
  cleanups.push(
    () => fake.close(),
    () => sender.close?.() ?? Promise.resolve(),
  );
  return { fake, sender, messages };
}

function send(
  sender: ConnectedAccount,
  { to = "device-token-1", signal = new AbortController().signal, content = {} as object } = {},
) {
  const message = { channel: "push", to, content: { title: "Shipped", body: "It is on its way", ...content } };
  return sender.send(message, { idempotencyKey: "dlv_1", attempt: 1, signal });
}

test("a push arrives through Google's SDK with its data, and a repetition would replace it on the screen", async () => {
  const { sender, messages } = await start();
  const content = { data: { orderId: "7" }, actionUrl: "acme://orders/7", imageUrl: "https://acme.test/a.png" };
  expect(await send(sender, { content })).toEqual({ kind: "sent", providerMessageId: messages[0]?.name });
  expect(messages[0]).toMatchObject({
    name: expect.stringMatching(/^projects\/acme-app\/messages\//),
    token: "device-token-1",
    message: {
      notification: { title: "Shipped", body: "It is on its way", image: "https://acme.test/a.png" },
      data: { orderId: "7", actionUrl: "acme://orders/7" },
      android: { notification: { tag: "dlv_1" } },
      apns: { headers: { "apns-collapse-id": "dlv_1" } },
    },
  });
});

test("one access token serves many messages", async () => {
  const { fake, sender } = await start();
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => send(sender)));
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["sent"]));
  expect([fake.tally.total, fake.tokenRequests()]).toEqual([20, 1]);
});

test("two accounts live side by side, and closing one leaves the other", async () => {
  const { fake, sender } = await start();
  const other = await fcm.connect(fcm.config.parse({ serviceAccount, apiUrl: fake.url }), {
    outboundAllow: ["127.0.0.0/8"],
  });
  await send(other);
  await other.close?.();
  expect(await send(sender)).toMatchObject({ kind: "sent" });
});

test("credentials are checked by asking for an access token", async () => {
  const { fake } = await start();
  const check = () => {
    const account = fcm.config.parse({ serviceAccount, apiUrl: fake.url });
    return fcm.check?.(account, { outboundAllow: ["127.0.0.0/8"] }, AbortSignal.timeout(5_000));
  };
  expect(await check()).toEqual({ kind: "good" });
  fake.tokenScript.next(1, { status: 400, body: { error: "invalid_grant" } });
  expect(await check()).toEqual({ kind: "refused", reason: '400 {"error":"invalid_grant"}' });
  fake.tokenScript.next(1, { status: 503 });
  expect(await check()).toMatchObject({ kind: "unreachable", reason: expect.stringContaining("503") });
  await fake.close();
  expect(await check()).toMatchObject({ kind: "unreachable" });
  expect(fake.tally.total).toBe(0);
});

test.each([
  ["unregistered-1", "Requested entity was not found."],
  ["invalid-token-1", "The registration token is not a valid FCM registration token"],
])("the token %s is dead", async (to, reason) => {
  const { sender } = await start();
  expect(await send(sender, { to })).toEqual({ kind: "rejected", reason, addressDead: true });
});

test.each([
  [
    problem(403, "PERMISSION_DENIED", "SenderId mismatch", "SENDER_ID_MISMATCH"),
    { kind: "rejected", reason: "SenderId mismatch" },
  ],
  [
    problem(400, "INVALID_ARGUMENT", "Invalid JSON payload", "INVALID_ARGUMENT"),
    { kind: "rejected", reason: "Invalid JSON payload" },
  ],
  [
    problem(403, "PERMISSION_DENIED", "Permission denied on resource"),
    { kind: "deferred", reason: "Permission denied on resource" },
  ],
  [
    problem(429, "RESOURCE_EXHAUSTED", "Quota exceeded", "QUOTA_EXCEEDED", { "retry-after": "60" }),
    { kind: "deferred", reason: "Quota exceeded", retryAfterMs: 60_000 },
  ],
  [
    problem(503, "UNAVAILABLE", "The service is overloaded", "UNAVAILABLE", { "retry-after": "5" }),
    { kind: "deferred", reason: "The service is overloaded", retryAfterMs: 5_000 },
  ],
  [problem(500, "INTERNAL", "Internal error", "INTERNAL"), { kind: "deferred", reason: "Internal error" }],
])("answered %j, once and at once", async (fault, expected) => {
  const { fake, sender } = await start();
  fake.script.next(1, fault);
  expect(await send(sender)).toEqual(expected);
  expect(fake.tally.total).toBe(0); // the SDK did not try again by itself
});

test("a connection broken off after the request may have sent it, and is not tried again within the attempt", async () => {
  const { fake, sender } = await start();
  fake.script.next(1, "reset");
  expect(await send(sender)).toMatchObject({ kind: "deferred", ambiguous: true });
  expect(fake.tally.total).toBe(0);
});

test("an abort ends a request that hangs, which may have been sent", async () => {
  const { fake, sender } = await start();
  const sending = abortWhileHanging(fake.script, (signal) => send(sender, { signal }));
  expect(await sending).toMatchObject({ kind: "deferred", ambiguous: true });
});

test("an abort while the access token is awaited sends nothing, then or later", async () => {
  const { fake, sender } = await start();
  const controller = new AbortController();
  let release = () => {};
  fake.tokenScript.next(1, { until: new Promise<void>((resolve) => (release = resolve)) });
  const sending = send(sender, { signal: controller.signal });
  await vi.waitFor(() => expect(fake.tokenRequests()).toBe(1));
  controller.abort();
  const outcome = await sending;
  expect(outcome).toMatchObject({ kind: "deferred" });
  expect(outcome).not.toHaveProperty("ambiguous");
  release();
  expect(await send(sender, { to: "device-token-2" })).toMatchObject({ kind: "sent" });
  expect(fake.tally.total).toBe(1);
});

test("a refused service account is the account's fault, not the message's", async () => {
  const { fake, sender } = await start();
  fake.tokenScript.next(Number.POSITIVE_INFINITY, invalidGrant("Invalid JWT Signature."));
  expect(await send(sender)).toMatchObject({ kind: "deferred", reason: expect.stringContaining("invalid_grant") });
});

test("a server that isn't there was sent nothing", async () => {
  const { fake, sender } = await start();
  await fake.close();
  const outcome = await send(sender);
  expect(outcome).toMatchObject({ kind: "deferred", reason: expect.stringContaining("ECONNREFUSED") });
  expect(outcome).not.toHaveProperty("ambiguous");
});

test("an account whose key is none is refused", () => {
  const { error } = fcm.config.safeParse({ serviceAccount: { ...serviceAccount, private_key: "nonsense" } });
  expect(error?.issues.map(({ path }) => path.join("."))).toEqual(["serviceAccount.private_key"]);
});
