import type { ApiMail } from "@tidings/tests/fakes/api-mail";
import type { HttpFake } from "@tidings/tests/fakes/http-fake";
import {
  createMailgunFake,
  mailgunAccount,
  mailgunCall,
  mailgunEvent,
  problem,
} from "@tidings/tests/fakes/mailgun-fake";
import { describe, expect, test } from "vitest";
import { accountsAt, richContent, richMail, sendMail } from "../testing/email-account";
import { testReceipts } from "../testing/receipt-tests";
import { mailgun } from "./mailgun";

const { open, check, checkUnreachable } = accountsAt<HttpFake>(mailgun, mailgunAccount);

test("a mail goes out with all it has", async () => {
  const mails: ApiMail[] = [];
  const { sender } = await open(createMailgunFake({ onMessage: (mail) => mails.push(mail) }));
  expect(await sendMail(sender, { content: richContent })).toEqual({
    kind: "sent",
    providerMessageId: "dlv_1@acme.test",
  });
  expect(mails[0]).toMatchObject({ ...richMail, from: '"Ann, of Acme" <ann@acme.test>' });
  expect(mails[0]?.headers).toMatchObject({
    "list-unsubscribe": "<https://acme.test/u/1>",
    "message-id": "<dlv_1@acme.test>",
  });
  await sendMail(sender);
  expect(mails[1]).toMatchObject({ from: "hello@acme.test", html: "", attachments: [] });
});

test.each([
  [problem(429, "slow", { "retry-after": "7" }), { reason: "429 slow", retryAfterMs: 7_000 }],
  [{ status: 401, body: "Forbidden" }, { reason: "401" }],
  [problem(500, "oh"), { reason: "500 oh" }],
  [
    { status: 504, body: "" },
    { reason: "504", ambiguous: true },
  ],
  [
    { status: 200, body: {} },
    { reason: "200 without a message's id", ambiguous: true },
  ],
  ["reset" as const, { reason: expect.stringMatching(/./), ambiguous: true }],
])("answered %j, it is tried again later", async (fault, expected) => {
  const { fake, sender } = await open(createMailgunFake());
  fake.script.next(1, fault);
  expect(await sendMail(sender)).toEqual({ kind: "deferred", ...expected });
  expect(await sendMail(sender)).toMatchObject({ kind: "sent" });
  expect(fake.tally.total).toBe(1);
});

test("what Mailgun refuses is refused in its words", async () => {
  const { sender } = await open(createMailgunFake());
  expect(await sendMail(sender, { to: "nobody" })).toEqual({
    kind: "rejected",
    reason: "400 to parameter is not a valid address. please check documentation",
  });
});

test("an account is known, refused in Mailgun's words, or could not be asked for", async () => {
  expect(await check(createMailgunFake())).toEqual({ kind: "good" });
  expect(await check(createMailgunFake(), { apiKey: "other" })).toEqual({ kind: "refused", reason: "401" });
  expect(await check(createMailgunFake(), { domain: "other.test" })).toEqual({
    kind: "refused",
    reason: "404 Domain not found",
  });
  expect(await checkUnreachable(createMailgunFake())).toMatchObject({ kind: "unreachable" });
});

test("a domain's sending key, which may not read the domain, is good too, and asking sends nothing", async () => {
  const mails: ApiMail[] = [];
  const fake = createMailgunFake({ sendingOnly: true, onMessage: (mail) => mails.push(mail) });
  expect(await check(fake)).toEqual({ kind: "good" });
  expect(mails).toEqual([]);
});

describe("receipts", () => {
  const webhookSigningKey = "signing-key";
  const config = { ...mailgunAccount, from: "hello@acme.test", webhookSigningKey };

  testReceipts({
    provider: mailgun,
    account: async () => ({
      config,
      sign: (payload, options) => mailgunCall(payload, webhookSigningKey, options),
      event: mailgunEvent,
    }),
    events: ["delivered", "bounced_hard", "bounced_soft", "complained", "opened", "clicked", "unsubscribed"],
    forge: () => mailgunCall(mailgunEvent("delivered", { id: "1", to: "bob@example.com" }), "another key"),
    needs: ["webhookSigningKey"],
    staleMs: 9.5 * 3_600_000,
  });

  test.each([
    [{ severity: "temporary", reason: "old" }, ["bounced_soft"]],
    [{ severity: "temporary", reason: "generic" }, []],
    [{ severity: "permanent", reason: "suppress-bounce" }, ["bounced_hard"]],
    [{ severity: "permanent", reason: "suppress-unsubscribe" }, ["bounced_soft"]],
    [{ event: "accepted" }, []],
  ])("a failure of %j is %j", async (words, kinds) => {
    const event = { ...mailgunEvent("bounced_hard", { id: "1", to: "bob@example.com" }), ...words };
    const reading = await mailgun.receipts?.read(mailgunCall(event, webhookSigningKey), mailgun.config.parse(config));
    expect(reading?.kind === "receipts" && reading.receipts.map(({ kind }) => kind)).toEqual(kinds);
  });
});
