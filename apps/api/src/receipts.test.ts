import { request } from "node:http";
import { receiptTokenOf } from "@tidings/core/receipts/receipt-url";
import { newUuid } from "@tidings/shared/ids";
import { mailgunAccount, mailgunCall, mailgunEvent } from "@tidings/tests/fakes/mailgun-fake";
import { plivoCall } from "@tidings/tests/fakes/plivo-fake";
import { postmarkCall, postmarkEvent, postmarkToken } from "@tidings/tests/fakes/postmark-fake";
import { resendCall, resendEvent, resendKey } from "@tidings/tests/fakes/resend-fake";
import { sendgridCall, sendgridEvent, sendgridKey, sendgridWebhookKeys } from "@tidings/tests/fakes/sendgrid-fake";
import { createSesFake, type SesFake, sesAccount, sesEvent } from "@tidings/tests/fakes/ses-fake";
import { twilioCall } from "@tidings/tests/fakes/twilio-fake";
import type { VendorCall } from "@tidings/tests/fakes/vendor-call";
import { vonageCall } from "@tidings/tests/fakes/vonage-fake";
import { whatsappCall } from "@tidings/tests/fakes/whatsapp-cloud-fake";
import { createTestDatabase, testRedisUrl } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApi, type TestApi, type TestTenant, testPlatformSecret } from "./testing/start-test-api";

const platformTwilio = {
  id: "twilio/1",
  provider: "twilio",
  config: { accountSid: "AC0123456789", authToken: "platform-token", from: "+14155550100" },
  rate: null,
};
const platformToken = receiptTokenOf(testPlatformSecret, platformTwilio.id);

let api: TestApi;
let tenant: TestTenant;
let ses: SesFake;
beforeAll(async () => {
  const services = { databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() };
  api = await startTestApi({ ...services, platformAccounts: [platformTwilio] });
  [tenant, ses] = await Promise.all([api.createTenant(), createSesFake()]);
});
afterAll(async () => {
  await api?.close();
  await ses?.close();
});

/** A provider account of the tenant. @returns its id, and the path of its receipts */
async function account(provider: string, config: unknown): Promise<{ id: string; path: string }> {
  const id = newUuid();
  const token = `rct_${newUuid()}`;
  const sealedConfig = api.deps.sealer.seal(JSON.stringify(config), {
    tenantId: tenant.id,
    field: `provider_account.${id}.config`,
  });
  await api.database.providerAccount.create({
    data: { id, tenantId: tenant.id, provider, name: provider, channels: [], sealedConfig, receiptToken: token },
  });
  return { id, path: `/receipts/${provider}/${token}` };
}

interface Answer {
  status: number;
  type: string;
  text: string;
  headers: NodeJS.Dict<string | string[]>;
}

/** Sends a vendor's call to the API as it is, headers in whatever case. */
function deliver(path: string, call: Pick<VendorCall, "method" | "headers" | "body">): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { ...call.headers, "content-length": call.body.length };
    const sent = request(api.url + path, { method: call.method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers["content-type"] ?? "",
          text: Buffer.concat(chunks).toString(),
          headers: response.headers,
        }),
      );
    });
    sent.on("error", reject);
    sent.end(call.body);
  });
}

const codeOf = ({ text }: Answer) => (JSON.parse(text) as { code: string }).code;

/** A sent delivery, whose message an account's provider took. */
async function sentDelivery(accountId: string, messageId: string, tenantId = tenant.id): Promise<string> {
  const notificationId = newUuid();
  const id = newUuid();
  const common = { tenantId, mode: "live", priority: 2, createdAt: new Date() };
  await api.database.notification.create({
    data: { ...common, id: notificationId, status: "SENT", bulk: false, addresses: {}, channels: [], requestId: "req" },
  });
  await api.database.delivery.create({
    data: {
      ...common,
      id,
      notificationId,
      channel: "email",
      address: "bob@example.com",
      status: "SENT",
      siblings: 1,
      sentAt: new Date(),
    },
  });
  await api.database.sentMessage.create({
    data: { account: accountId, providerMessageId: messageId, tenantId, deliveryId: id },
  });
  return id;
}
const statusOf = async (id: string, tenantId = tenant.id) =>
  (await api.database.delivery.findFirst({ where: { tenantId, id } }))?.status;

const to = "bob@example.com";
const sendgridKeys = sendgridWebhookKeys();
const whsec = `whsec_${Buffer.alloc(24, 5).toString("base64")}`;
const phoneNumberId = "106540352242922";

/** Each provider that sends receipts: an account, and the call that tells of a delivered message. */
const providers: Record<string, () => { config: unknown; delivered(id: string, url: string): VendorCall }> = {
  mailgun: () => ({
    config: { ...mailgunAccount, from: "hello@acme.test", webhookSigningKey: "signing" },
    delivered: (id) => mailgunCall(mailgunEvent("delivered", { id, to }), "signing"),
  }),
  sendgrid: () => ({
    config: { apiKey: sendgridKey, from: "hello@acme.test", webhookPublicKey: sendgridKeys.publicKey },
    delivered: (id) => sendgridCall([sendgridEvent("delivered", { id, to })], sendgridKeys.privateKey),
  }),
  resend: () => ({
    config: { apiKey: resendKey, from: "hello@acme.test", webhookSecret: whsec },
    delivered: (id) => resendCall(resendEvent("delivered", { id, to }), whsec),
  }),
  postmark: () => ({
    config: { serverToken: postmarkToken, from: "hello@acme.test", webhookUser: "u", webhookPassword: "p" },
    delivered: (id) => postmarkCall(postmarkEvent("delivered", { id, to }), "u", "p"),
  }),
  ses: () => ({
    config: { ...sesAccount, from: "hello@acme.test", topicArn: ses.topic.topicArn, apiUrl: ses.url },
    delivered: (id) => ses.topic.notify(JSON.stringify(sesEvent("delivered", { id, to }))),
  }),
  twilio: () => ({
    config: { accountSid: "AC0123456789", authToken: "t0ken", from: "+14155550100" },
    delivered: (id, url) =>
      twilioCall(url, "t0ken", { MessageSid: id, MessageStatus: "delivered", To: "+14155550123" }),
  }),
  vonage: () => ({
    config: { apiKey: "abcd1234", apiSecret: "s3cret", from: "+14155550100", signatureSecret: "signed" },
    delivered: (id, url) =>
      vonageCall(url, "signed", {
        message_uuid: id,
        to: "14155550123",
        timestamp: new Date().toISOString(),
        status: "delivered",
      }),
  }),
  plivo: () => ({
    config: { authId: "MA0123456789", authToken: "t0ken", from: "+14155550100" },
    delivered: (id, url) => plivoCall(url, "t0ken", { MessageUUID: id, Status: "delivered", To: "14155550123" }),
  }),
  "whatsapp-cloud": () => ({
    config: { phoneNumberId, accessToken: "t", appSecret: "app-secret", verifyToken: "verify-me" },
    delivered: (id, url) =>
      whatsappCall(url, "app-secret", phoneNumberId, {
        statuses: [
          { id, status: "delivered", timestamp: String(Math.floor(Date.now() / 1_000)), recipient_id: "14155550123" },
        ],
      }),
  }),
};

test("a signature of Mailgun's vouches for one event, also when calls with it come at once", async () => {
  const { id, path } = await account("mailgun", {
    ...{ ...mailgunAccount, from: "hello@acme.test", webhookSigningKey: "signing" },
  });
  const [bounce, other] = (["bounced_hard", "complained"] as const).map((kind) =>
    mailgunEvent(kind, { id: newUuid(), to }),
  );
  const call = mailgunCall(bounce, "signing");
  const forged = {
    ...call,
    body: Buffer.from(JSON.stringify({ ...JSON.parse(call.body.toString()), "event-data": other })),
  };
  expect((await deliver(path, call)).status).toBe(200);
  const answers = await Promise.all([deliver(path, forged), deliver(path, call), deliver(path, forged)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  const stored = () => api.database.receipt.findMany({ where: { account: id }, select: { eventId: true } });
  expect(await stored()).toEqual([{ eventId: bounce?.id }]);

  // An event that says nothing of a delivery uses its signature up, too; the other one is taken with its own.
  const temporary = mailgunCall({ ...bounce, id: "evt-temporary", severity: "temporary" }, "signing");
  const onIt = { ...JSON.parse(temporary.body.toString()), "event-data": other };
  expect((await deliver(path, temporary)).status).toBe(200);
  expect((await deliver(path, { ...temporary, body: Buffer.from(JSON.stringify(onIt)) })).status).toBe(200);
  expect(await stored()).toHaveLength(1);
  expect((await deliver(path, mailgunCall(other, "signing"))).status).toBe(200);
  expect(await stored()).toHaveLength(2);
});

describe.each(Object.entries(providers))("receipts of %s", (provider, setUp) => {
  test("a signed call is stored, answered, and moves its delivery; told again it changes nothing", async () => {
    const { config, delivered } = setUp();
    const { id, path } = await account(provider, config);
    const messageId = newUuid();
    const deliveryId = await sentDelivery(id, messageId);
    const call = delivered(messageId, api.url + path);
    const named = Object.entries(call.headers).map(([name, value]) => [name.toUpperCase(), value]);
    expect(await deliver(path, { ...call, headers: Object.fromEntries(named) })).toMatchObject({
      status: 200,
      text: "",
    });
    await api.applyReceipts();
    expect(await statusOf(deliveryId)).toBe("DELIVERED");

    expect((await deliver(path, call)).status).toBe(200);
    expect(await api.database.receipt.count({ where: { account: id } })).toBe(1);
    const stored = await api.database.receiptCall.findMany({ where: { tenantId: tenant.id, account: id } });
    expect(stored).toMatchObject([{ provider }]);
    expect(Buffer.from(stored[0]?.body ?? [])).toEqual(call.body);
    expect(Object.keys(stored[0]?.headers ?? {})).not.toContain("authorization");
  });

  test("changed, cut short or unsigned it is refused, and nothing is stored", async () => {
    const { config, delivered } = setUp();
    const { id, path } = await account(provider, config);
    const call = delivered("msg-1", api.url + path);
    const changed = Buffer.from(call.body.toString().replaceAll("msg-1", "msg-2"));
    const unsigned = { ...call, headers: { "content-type": call.headers["content-type"] ?? "" } };
    const hostile = [
      { ...call, headers: {}, body: Buffer.alloc(0) },
      // Mailgun and Amazon put the signature into the body.
      ...(["mailgun", "ses"].includes(provider) ? [] : [unsigned]),
      // Postmark's calls carry a password instead of a signature.
      ...(provider === "postmark" ? [] : [{ ...call, body: call.body.subarray(0, call.body.length / 2) }]),
      // Mailgun signs only when it calls, not what it tells.
      ...(["postmark", "mailgun"].includes(provider) ? [] : [{ ...call, body: changed }]),
    ];
    const answers = [];
    for (const one of hostile) answers.push(await deliver(path, one));
    for (const one of answers) {
      expect([401, 400], one.text).toContain(one.status);
      expect(["receipt_forged", "receipt_unreadable"]).toContain(codeOf(one));
      expect(one.type).toContain("application/problem+json");
    }
    expect(answers[0]?.status).toBe(401);
    expect(await api.database.receiptCall.count({ where: { tenantId: tenant.id, account: id } })).toBe(0);
    const { body: metrics } = await api.call<string>("GET", "/metrics");
    expect(metrics).toContain(`tidings_receipt_calls_total{provider="${provider}",outcome="forged"`);
  });
});

test("an account of the platform takes receipts of everybody's deliveries", async () => {
  const path = `/receipts/twilio/${encodeURIComponent(platformToken)}`;
  const messageId = newUuid();
  const deliveryId = await sentDelivery(platformTwilio.id, messageId);
  const fields = { MessageSid: messageId, MessageStatus: "delivered", To: "+14155550123" };
  const answer = await deliver(path, twilioCall(api.url + path, "platform-token", fields));
  expect(answer.status).toBe(200);
  await api.applyReceipts();
  expect(await statusOf(deliveryId)).toBe("DELIVERED");
});

test("a receipt of one tenant's account never touches another tenant's delivery", async () => {
  const other = await api.createTenant();
  const mine = await account("resend", providers.resend?.().config);
  const theirs = newUuid();
  const messageId = newUuid();
  const deliveryId = await sentDelivery(theirs, messageId, other.id);
  const answer = await deliver(mine.path, resendCall(resendEvent("bounced_hard", { id: messageId, to }), whsec));
  expect(answer.status).toBe(200);
  await api.applyReceipts();
  const row = await api.database.receipt.findFirst({ where: { account: mine.id } });
  expect(row?.dueAt?.getTime()).toBeGreaterThan(Date.now());
  expect(await statusOf(deliveryId, other.id)).toBe("SENT");
});

test("Meta's handshake is answered with its challenge", async () => {
  const { path } = await account("whatsapp-cloud", providers["whatsapp-cloud"]?.().config);
  const ask = (token: string) =>
    deliver(`${path}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1158201444`, {
      method: "GET",
      headers: {},
      body: Buffer.alloc(0),
    });
  expect(await ask("verify-me")).toMatchObject({
    status: 200,
    text: "1158201444",
    type: expect.stringMatching(/^text\/plain/),
  });
  expect((await ask("guessed")).status).toBe(401);
});

test("an unknown token, another provider's, and one without receipts all look the same", async () => {
  const { path } = await account("resend", providers.resend?.().config);
  const smtp = await account("smtp", { host: "127.0.0.1", from: "hello@acme.test" });
  const call = { method: "POST", headers: {}, body: Buffer.from("{}") };
  const answers = await Promise.all(
    [path.replace("resend", "sendgrid"), "/receipts/resend/rct_nobody", "/receipts/nobody/x", smtp.path].map((one) =>
      deliver(one, call),
    ),
  );
  const facts = answers.map((answer) => {
    const { requestId: _, ...problem } = JSON.parse(answer.text);
    return { status: answer.status, problem };
  });
  expect(facts[0]).toMatchObject({ status: 404, problem: { code: "not_found" } });
  for (const fact of facts) expect(fact).toEqual(facts[0]);
  expect((await deliver(path, { ...call, method: "PUT" })).headers.allow).toBe("GET, POST");
});

test("five megabytes are read, more are not; a stranger's body is not even looked at", async () => {
  const { path } = await account("resend", providers.resend?.().config);
  const ofSize = (bytes: number) => ({ method: "POST", headers: {}, body: Buffer.alloc(bytes, "[") });
  expect((await deliver(path, ofSize(5 * 1024 * 1024))).status).toBe(401);
  const tooLarge = await deliver(path, ofSize(5 * 1024 * 1024 + 1));
  expect([tooLarge.status, codeOf(tooLarge)]).toEqual([413, "body_too_large"]);
  expect((await deliver("/receipts/resend/rct_nobody", ofSize(6 * 1024 * 1024))).status).toBe(404);
});

test("calls that nobody signed are bounded, for their account and caller alone", async () => {
  const { config, delivered } = (providers.resend as (typeof providers)[string])();
  const { path } = await account("resend", config);
  const statuses = [];
  for (let call = 0; call < 31; call += 1) {
    statuses.push((await deliver(path, { method: "POST", headers: {}, body: Buffer.from("{}") })).status);
  }
  expect(new Set(statuses.slice(0, 30))).toEqual(new Set([401]));
  expect(statuses[30]).toBe(429);
  const other = await account("resend", config);
  expect((await deliver(other.path, delivered("msg", api.url + other.path))).status).toBe(200);
});

test("a thousand events in one call, with what Postgres can't store, are stored each once", async () => {
  const { id, path } = await account("sendgrid", providers.sendgrid?.().config);
  const events = Array.from({ length: 1_000 }, (_, index) => ({
    ...sendgridEvent("bounced_hard", { id: `msg-${index}`, to }),
    sg_event_id: index === 7 ? "x".repeat(5_000) : index === 8 ? "nul\u0000" : `event-${index}`,
    reason: "550 \u0000 \ud800 no such user",
  }));
  const call = sendgridCall([...events, ...events], sendgridKeys.privateKey);
  expect((await deliver(path, call)).status).toBe(200);
  expect(await api.database.receipt.count({ where: { account: id } })).toBe(1_000);
});
