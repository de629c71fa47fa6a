import { generateKeyPairSync } from "node:crypto";
import type { ApiMail } from "@tidings/tests/fakes/api-mail";
import type { HttpFake } from "@tidings/tests/fakes/http-fake";
import {
  createSendgridFake,
  problem,
  sendgridCall,
  sendgridEvent,
  sendgridKey,
  sendgridWebhookKeys,
} from "@tidings/tests/fakes/sendgrid-fake";
import { describe, expect, test } from "vitest";
import { accountsAt, richContent, richMail, sendMail } from "../testing/email-account";
import { testReceipts } from "../testing/receipt-tests";
import { sendgrid } from "./sendgrid";

const { open, check, checkUnreachable } = accountsAt<HttpFake>(sendgrid, { apiKey: sendgridKey });

test("a mail goes out with all it has", async () => {
  const mails: ApiMail[] = [];
  const { sender } = await open(createSendgridFake({ onMessage: (mail) => mails.push(mail) }));
  const outcome = await sendMail(sender, { content: richContent });
  expect(outcome).toEqual({ kind: "sent", providerMessageId: mails[0]?.id });
  expect(mails[0]).toMatchObject({ ...richMail, from: "Ann, of Acme <ann@acme.test>" });
  expect(mails[0]?.headers).toEqual({
    "list-unsubscribe": "<https://acme.test/u/1>",
    "list-unsubscribe-post": "List-Unsubscribe=One-Click",
    "message-id": "<dlv_1@acme.test>",
  });
  await sendMail(sender);
  expect(mails[1]).toMatchObject({ from: "hello@acme.test", html: "", attachments: [] });
});

test.each([
  [
    problem(429, "too many requests", null, { "retry-after": "7" }),
    { reason: "429 too many requests", retryAfterMs: 7_000 },
  ],
  [problem(401, "Maximum credits exceeded"), { reason: "401 Maximum credits exceeded" }],
  [problem(403, "access forbidden"), { reason: "403 access forbidden" }],
  [{ status: 503, body: "<html>" }, { reason: "503" }],
  [
    { status: 504, body: "" },
    { reason: "504", ambiguous: true },
  ],
  [
    { status: 202, body: "" },
    { reason: "answered without a message's id", ambiguous: true },
  ],
  ["reset" as const, { reason: expect.stringMatching(/./), ambiguous: true }],
])("answered %j, it is tried again later", async (fault, expected) => {
  const { fake, sender } = await open(createSendgridFake());
  fake.script.next(1, fault);
  expect(await sendMail(sender)).toEqual({ kind: "deferred", ...expected });
  expect(await sendMail(sender)).toMatchObject({ kind: "sent" });
  expect(fake.tally.total).toBe(1);
});

test("what SendGrid refuses is refused in its words", async () => {
  const { sender } = await open(createSendgridFake());
  expect(await sendMail(sender, { to: "nobody" })).toEqual({
    kind: "rejected",
    reason: "400 Does not contain a valid address. (personalizations.0.to.0.email)",
  });
});

test("a server that isn't there was sent nothing", async () => {
  const { fake, sender } = await open(createSendgridFake());
  await fake.close();
  expect(await sendMail(sender)).toEqual({ kind: "deferred", reason: expect.stringContaining("ECONNREFUSED") });
});

test("a key is known, refused in SendGrid's words, or could not be asked for", async () => {
  expect(await check(createSendgridFake())).toEqual({ kind: "good" });
  expect(await check(createSendgridFake(), { apiKey: "SG.other" })).toEqual({
    kind: "refused",
    reason: "401 The provided authorization grant is invalid, expired, or revoked",
  });
  expect(await check(createSendgridFake({ scopes: ["stats.read"] }))).toEqual({
    kind: "refused",
    reason: "the API key lacks the scope mail.send",
  });
  expect(await checkUnreachable(createSendgridFake())).toMatchObject({ kind: "unreachable" });
});

describe("receipts", () => {
  const keys = sendgridWebhookKeys();
  const config = { apiKey: sendgridKey, from: "hello@acme.test", webhookPublicKey: keys.publicKey };
  const account = sendgrid.config.parse(config);

  testReceipts({
    provider: sendgrid,
    account: async () => ({
      config,
      sign: (payload, options) => sendgridCall(payload, keys.privateKey, options),
      event: (event, mail) => [sendgridEvent(event, mail)],
    }),
    events: ["delivered", "bounced_hard", "bounced_soft", "complained", "opened", "clicked", "unsubscribed"],
    forge: (call) => ({ ...call, body: Buffer.concat([call.body, Buffer.from(" ")]) }),
    needs: ["webhookPublicKey"],
    staleMs: 26 * 3_600_000,
  });

  const told = { id: "1", to: "bob@example.com" };

  test("a call carries many events, and one of them unreadable costs the others nothing", async () => {
    const events = [sendgridEvent("delivered", told), { event: "opened" }, sendgridEvent("clicked", told)];
    const reading = await sendgrid.receipts?.read(sendgridCall(events, keys.privateKey), account);
    expect(reading).toMatchObject({ receipts: [{ kind: "delivered" }, { kind: "clicked" }] });
  });

  test.each([
    [{ event: "dropped", reason: "Bounced Address" }, "bounced_hard"],
    [{ event: "dropped", reason: "Unsubscribed Address" }, "bounced_soft"],
    [{ event: "group_unsubscribe" }, "unsubscribed"],
    [{ event: "group_resubscribe" }, "resubscribed"],
  ])("%j is %s", async (words, kind) => {
    const events = [{ ...sendgridEvent("delivered", told), ...words }];
    const reading = await sendgrid.receipts?.read(sendgridCall(events, keys.privateKey), account);
    expect(reading).toMatchObject({ receipts: [{ kind }] });
  });

  test("another key's signature, and a setting that is no key, verify nothing", async () => {
    const call = sendgridCall([sendgridEvent("delivered", told)], sendgridWebhookKeys().privateKey);
    expect(await sendgrid.receipts?.read(call, account)).toEqual({ kind: "forged", reason: "the signature is wrong" });
    const { publicKey } = generateKeyPairSync("ed25519");
    const ofAnotherKind = publicKey.export({ type: "spki", format: "der" }).toString("base64");
    for (const webhookPublicKey of ["bm8ga2V5", ofAnotherKind]) {
      const reading = await sendgrid.receipts?.read(call, { ...account, webhookPublicKey });
      expect(reading).toMatchObject({ kind: "forged", reason: expect.stringContaining("no ECDSA public key") });
    }
  });
});
