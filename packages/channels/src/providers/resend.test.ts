import type { HttpFake } from "@tidings/tests/fakes/http-fake";
import {
  createResendFake,
  problem,
  type ResendMail,
  resendCall,
  resendEvent,
  resendKey,
} from "@tidings/tests/fakes/resend-fake";
import { describe, expect, test } from "vitest";
import { accountsAt, richContent, richMail, sendMail } from "../testing/email-account";
import { testReceipts } from "../testing/receipt-tests";
import { resend } from "./resend";

const { open, check, checkUnreachable } = accountsAt<HttpFake>(resend, { apiKey: resendKey });

test("a mail goes out with all it has", async () => {
  const mails: ResendMail[] = [];
  const { sender } = await open(createResendFake({ onMessage: (mail) => mails.push(mail) }));
  const outcome = await sendMail(sender, { content: richContent });
  expect(outcome).toEqual({ kind: "sent", providerMessageId: mails[0]?.id });
  expect(mails[0]).toMatchObject({
    ...richMail,
    from: '"Ann, of Acme" <ann@acme.test>',
    idempotencyKey: "dlv_1",
    headers: { "list-unsubscribe": "<https://acme.test/u/1>" },
  });
  await sendMail(sender, { key: "dlv_2" });
  expect(mails[1]).toMatchObject({ from: "hello@acme.test", html: "", attachments: [] });
});

test("a delivery sent again goes out once, and has the same id", async () => {
  const { fake, sender } = await open(createResendFake());
  const first = await sendMail(sender);
  expect(await sendMail(sender)).toEqual(first);
  expect(fake.tally.total).toBe(1);
});

test.each([
  [
    problem(429, "rate_limit_exceeded", "Too many requests.", { "retry-after": "7" }),
    { reason: "429 rate_limit_exceeded: Too many requests.", retryAfterMs: 7_000 },
  ],
  [problem(403, "invalid_api_key", "API key is invalid."), { reason: "403 invalid_api_key: API key is invalid." }],
  [
    problem(409, "concurrent_idempotent_requests", "in progress"),
    { reason: "409 concurrent_idempotent_requests: in progress" },
  ],
  [{ status: 502, body: "<html>" }, { reason: "502" }],
  [
    { status: 504, body: "" },
    { reason: "504", ambiguous: true },
  ],
  [
    { status: 200, body: "{" },
    { reason: "200 without a message's id", ambiguous: true },
  ],
  ["reset" as const, { reason: expect.stringMatching(/./), ambiguous: true }],
])("answered %j, it is tried again later", async (fault, expected) => {
  const { fake, sender } = await open(createResendFake());
  fake.script.next(1, fault);
  expect(await sendMail(sender)).toEqual({ kind: "deferred", ...expected });
  expect(await sendMail(sender)).toMatchObject({ kind: "sent" });
  expect(fake.tally.total).toBe(1);
});

test("what Resend refuses is refused in its words", async () => {
  const { sender } = await open(createResendFake());
  expect(await sendMail(sender, { to: "nobody" })).toEqual({
    kind: "rejected",
    reason: expect.stringMatching(/^422 validation_error: Invalid `to` field/),
  });
});

test("a server that isn't there, or may not be reached, was sent nothing", async () => {
  const { fake, sender } = await open(createResendFake());
  await fake.close();
  expect(await sendMail(sender)).toEqual({ kind: "deferred", reason: expect.stringContaining("ECONNREFUSED") });
  const config = { apiKey: resendKey, from: "hello@acme.test", apiUrl: "http://127.0.0.1:1" };
  const guarded = await resend.connect(resend.config.parse(config), { outboundAllow: [] });
  expect(await sendMail(guarded)).toEqual({ kind: "deferred", reason: "127.0.0.1 is not a public address" });
});

test("a key is known, refused in Resend's words, or could not be asked for", async () => {
  expect(await check(createResendFake())).toEqual({ kind: "good" });
  expect(await check(createResendFake({ sendingOnly: true }))).toEqual({ kind: "good" });
  expect(await check(createResendFake(), { apiKey: "re_other" })).toEqual({
    kind: "refused",
    reason: "403 invalid_api_key: API key is invalid.",
  });
  expect(await checkUnreachable(createResendFake())).toMatchObject({ kind: "unreachable" });
});

describe("receipts", () => {
  const webhookSecret = `whsec_${Buffer.from("a secret of two dozen bytes").toString("base64")}`;
  const config = { apiKey: resendKey, from: "hello@acme.test", webhookSecret };

  testReceipts({
    provider: resend,
    account: async () => ({
      config,
      sign: (payload, options) => resendCall(payload, webhookSecret, options),
      event: (event, mail) => resendEvent(event as Exclude<typeof event, "unsubscribed">, mail),
    }),
    events: ["delivered", "bounced_hard", "bounced_soft", "complained", "opened", "clicked"],
    forge: (call) => ({ ...call, body: Buffer.concat([call.body, Buffer.from(" ")]) }),
    needs: ["webhookSecret"],
    staleMs: 5.5 * 60_000,
  });

  test.each([
    [{ type: "email.suppressed", data: { suppressed: { message: "suppressed" } } }, "bounced_hard"],
    [{ type: "email.failed", data: { failed: { reason: "reached_daily_quota" } } }, "bounced_soft"],
  ])("%j is %s", async ({ type, data }, kind) => {
    const event = {
      type,
      created_at: "2026-05-01T12:00:00Z",
      data: { email_id: "1", to: ["bob@example.com"], ...data },
    };
    const reading = await resend.receipts?.read(resendCall(event, webhookSecret), resend.config.parse(config));
    expect(reading).toMatchObject({ receipts: [{ kind, reason: expect.stringMatching(/./) }] });
  });
});
