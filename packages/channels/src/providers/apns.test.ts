import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { type ApnsMessage, createApnsFake, problem } from "@tidings/tests/fakes/apns-fake";
import { afterEach, expect, test, vi } from "vitest";
import { abortWhileHanging } from "../testing/abort-while-hanging";
import { apns } from "./apns";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const account = {
  keyId: "ABC1234567",
  teamId: "TEAM123456",
  privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  topic: "test.acme.app",
};
const device = "ab".repeat(32);
const context = { outboundAllow: ["127.0.0.0/8"] };
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start({ outboundAllow = context.outboundAllow } = {}) {
  const messages: ApnsMessage[] = [];
  const fake = await createApnsFake({
    keys: { [account.keyId]: publicKey },
    topic: account.topic,
    onMessage: (message) => messages.push(message),
  });
  const sender = await apns.connect(apns.config.parse({ ...account, apiUrl: fake.url }), { outboundAllow });
  cleanups.push(
    () => fake.close(),
    () => sender.close?.() ?? Promise.resolve(),
  );
  const send = ({ to = device, content = {} as object, key = "dlv_1", signal = new AbortController().signal } = {}) =>
    sender.send(
      { channel: "push", to, content: { title: "Shipped", body: "It is on its way", ...content } },
      { idempotencyKey: key, attempt: 1, signal },
    );
  return { fake, messages, send, sender };
}

test("a notification arrives whole, and a repetition is recognised by its id and replaces it on the screen", async () => {
  const { messages, send } = await start();
  const content = { data: { order: "7", aps: "mine" }, actionUrl: "acme://7", imageUrl: "https://acme.test/a.png" };
  const outcome = await send({ content });
  expect(outcome).toEqual({ kind: "sent", providerMessageId: messages[0]?.id });
  expect(messages[0]).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    token: device,
    headers: { "apns-push-type": "alert", "apns-priority": "10", "apns-collapse-id": "dlv_1" },
  });
  expect(messages[0]?.payload).toEqual({
    order: "7",
    actionUrl: "acme://7",
    imageUrl: "https://acme.test/a.png",
    aps: { alert: { title: "Shipped", body: "It is on its way" }, sound: "default", "mutable-content": 1 },
  });
  expect(await send()).toEqual(outcome);
  expect(await send({ key: "dlv_2" })).not.toEqual(outcome);
});

test("many messages share one connection and one provider token", async () => {
  const { fake, send } = await start();
  const outcomes = await Promise.all(Array.from({ length: 50 }, (_, n) => send({ key: `dlv_${n}` })));
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["sent"]));
  expect([fake.accepted, fake.providerTokens, fake.tally.total]).toEqual([1, 1, 50]);
});

test.each([
  [{ to: `dead${"ab".repeat(30)}` }, { kind: "rejected", reason: "410 Unregistered", addressDead: true }],
  [{ to: "device-token-1" }, { kind: "rejected", reason: "400 BadDeviceToken", addressDead: true }],
  [{ content: { body: "x".repeat(4_096) } }, { kind: "rejected", reason: "413 PayloadTooLarge" }],
])("%j is refused in Apple's words", async (message, outcome) => {
  const { send } = await start();
  expect(await send(message)).toEqual(outcome);
});

test.each([
  [
    problem(400, "DeviceTokenNotForTopic"),
    { kind: "rejected", reason: "400 DeviceTokenNotForTopic", addressDead: true },
  ],
  [problem(410, "ExpiredToken"), { kind: "rejected", reason: "410 ExpiredToken", addressDead: true }],
  [problem(400, "BadPriority"), { kind: "rejected", reason: "400 BadPriority" }],
  [problem(400, "TopicDisallowed"), { kind: "deferred", reason: "400 TopicDisallowed" }],
  [problem(400, "IdleTimeout"), { kind: "deferred", reason: "400 IdleTimeout" }],
  [problem(403, "InvalidProviderToken"), { kind: "deferred", reason: "403 InvalidProviderToken" }],
  [problem(429, "TooManyRequests"), { kind: "deferred", reason: "429 TooManyRequests" }],
  [problem(500, "InternalServerError"), { kind: "deferred", reason: "500 InternalServerError" }],
  [problem(503, "Shutdown"), { kind: "deferred", reason: "503 Shutdown" }],
  [
    { status: 502, body: "<html>" },
    { kind: "deferred", reason: "502" },
  ],
])("answered %j", async (fault, outcome) => {
  const { fake, send } = await start();
  fake.script.next(1, fault);
  expect(await send()).toEqual(outcome);
});

test("a provider token is renewed before Apple's hour is over", async () => {
  const { fake, send } = await start();
  vi.useFakeTimers({ toFake: ["Date"] });
  await send();
  vi.setSystemTime(Date.now() + 51 * 60_000);
  expect(await send()).toMatchObject({ kind: "sent" });
  expect(fake.providerTokens).toBe(2);
});

test("one that Apple calls expired is renewed within the attempt, but not more often than Apple allows", async () => {
  const { fake, send } = await start();
  vi.useFakeTimers({ toFake: ["Date"] });
  await send();
  fake.script.next(1, problem(403, "ExpiredProviderToken"));
  expect(await send()).toEqual({ kind: "deferred", reason: "403 ExpiredProviderToken" });
  vi.setSystemTime(Date.now() + 21 * 60_000);
  fake.script.next(2, problem(403, "ExpiredProviderToken"));
  expect(await Promise.all([send(), send()])).toMatchObject([{ kind: "sent" }, { kind: "sent" }]);
  expect(fake.providerTokens).toBe(2);
});

test("after a goodbye what is under way is answered, and the next message goes by a new connection", async () => {
  const { fake, send } = await start();
  let release = () => {};
  const take = vi.spyOn(fake.script, "take");
  fake.script.next(1, { until: new Promise<void>((resolve) => (release = resolve)) });
  const underWay = send();
  await vi.waitFor(() => expect(take).toHaveBeenCalled());
  fake.goAway();
  await vi.waitFor(async () => {
    await send();
    expect(fake.accepted).toBe(2);
  });
  release();
  expect(await underWay).toMatchObject({ kind: "sent" });
});

test("a message that the server did not look at is sent once more at once", async () => {
  const { fake, send } = await start();
  fake.refuseNext();
  expect(await send()).toMatchObject({ kind: "sent" });
  fake.refuseNext();
  fake.refuseNext();
  const outcome = await send();
  expect(outcome).toMatchObject({ kind: "deferred", reason: expect.stringContaining("REFUSED_STREAM") });
  expect(outcome).not.toHaveProperty("ambiguous");
  expect(fake.tally.total).toBe(1);
});

test("a connection broken off after the request may have sent it; the next message makes a new one", async () => {
  const { fake, send } = await start();
  fake.script.next(1, "reset");
  expect(await send()).toMatchObject({ kind: "deferred", ambiguous: true });
  expect(await send()).toMatchObject({ kind: "sent" });
  expect(fake.accepted).toBe(2);
});

test("an abort ends a request that hangs, and the connection stays", async () => {
  const { fake, send } = await start();
  const sending = abortWhileHanging(fake.script, (signal) => send({ signal }));
  expect(await sending).toMatchObject({ kind: "deferred", ambiguous: true });
  expect(await send()).toMatchObject({ kind: "sent" });
  expect(fake.accepted).toBe(1);
});

/** A way to the fake that can fall silent without closing, as a firewall's does. */
async function startBehindFirewall() {
  const { fake } = await start();
  const ways: Socket[] = [];
  const firewall = createServer((near) => {
    const far = connect(fake.port, "127.0.0.1");
    near.pipe(far).pipe(near);
    for (const way of [near, far]) ways.push(way.on("error", () => way.destroy()));
  });
  firewall.listen(0, "127.0.0.1");
  await once(firewall, "listening");
  const { port } = firewall.address() as AddressInfo;
  const sender = await apns.connect(apns.config.parse({ ...account, apiUrl: `http://127.0.0.1:${port}` }), context);
  cleanups.push(async () => {
    await sender.close?.();
    for (const way of ways) way.destroy();
    firewall.close();
  });
  const fallSilent = () => ways.splice(0).map((way) => way.unpipe().pause());
  const send = (signal = new AbortController().signal) =>
    sender.send(
      { channel: "push", to: device, content: { title: "T", body: "B" } },
      { idempotencyKey: "dlv_1", attempt: 1, signal },
    );
  return { fake, send, fallSilent };
}

test.each(["while it is idle", "while a message waits"])(
  "a connection that died silently %s is found out",
  async (when) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
    const { fake, send, fallSilent } = await startBehindFirewall();
    await send();
    fallSilent();
    const controller = new AbortController();
    const sending = when.includes("waits") ? send(controller.signal) : null;
    if (sending) controller.abort();
    else vi.advanceTimersByTime(5 * 60_000);
    expect(await sending).toEqual(sending && expect.objectContaining({ kind: "deferred", ambiguous: true }));
    vi.advanceTimersByTime(10_000);
    expect(await send()).toMatchObject({ kind: "sent" });
    expect(fake.accepted).toBe(2);
  },
);

test("a server that isn't there was sent nothing", async () => {
  const { fake, send } = await start();
  await fake.close();
  const outcome = await send();
  expect(outcome).toMatchObject({ kind: "deferred", reason: expect.stringContaining("ECONNREFUSED") });
  expect(outcome).not.toHaveProperty("ambiguous");
});

test("an API's URL into our own networks is refused", async () => {
  const { fake, send } = await start({ outboundAllow: [] });
  expect(await send()).toEqual({ kind: "deferred", reason: "127.0.0.1 is not a public address" });
  const config = apns.config.parse({ ...account, apiUrl: `http://localhost:${fake.port}` });
  const byName = await apns.connect(config, { outboundAllow: [] });
  const message = { channel: "push", to: device, content: { title: "T", body: "B" } };
  const options = { idempotencyKey: "dlv_1", attempt: 1, signal: new AbortController().signal };
  expect(await byName.send(message, options)).toEqual({
    kind: "deferred",
    reason: "localhost resolves to an address that is not public",
  });
  expect(fake.accepted).toBe(0);
  await byName.close?.();
});

test("credentials are checked without a message to anybody", async () => {
  const { fake } = await start();
  const { signal } = new AbortController();
  const check = (config: object) => apns.check?.(apns.config.parse({ ...account, ...config }), context, signal);
  expect(await check({ apiUrl: fake.url })).toEqual({ kind: "good" });
  expect(await check({ apiUrl: fake.url, keyId: "OTHER12345" })).toEqual({
    kind: "refused",
    reason: "403 InvalidProviderToken",
  });
  fake.script.next(1, problem(503, "ServiceUnavailable"));
  expect(await check({ apiUrl: fake.url })).toEqual({ kind: "unreachable", reason: "503 ServiceUnavailable" });
  await fake.close();
  expect(await check({ apiUrl: fake.url })).toMatchObject({ kind: "unreachable" });
  expect(fake.tally.total).toBe(0);
});

test("Apple's tokens alone are reached", () => {
  expect(["ab".repeat(32), "device-token-1", "{}"].map((to) => apns.reaches?.(to))).toEqual([true, false, false]);
});

test.each([
  "nonsense",
  generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey.export({ type: "pkcs8", format: "pem" }),
])("a key that Apple gives nobody is refused", (key) => {
  const { error } = apns.config.safeParse({ ...account, privateKey: key });
  expect(error?.issues.map(({ path }) => path.join("."))).toEqual(["privateKey"]);
});
