import {
  createSesFake,
  problem,
  type SesFake,
  type SesMail,
  sesAccount,
  sesEvent,
} from "@tidings/tests/fakes/ses-fake";
import { describe, expect, test, vi } from "vitest";
import { accountsAt, richContent, richMail, sendMail } from "../testing/email-account";
import { testReceipts } from "../testing/receipt-tests";
import { ses } from "./ses";

const { open, check, checkUnreachable } = accountsAt<SesFake>(ses, sesAccount);

test("a mail goes out with all it has, by the account's configuration set", async () => {
  const mails: SesMail[] = [];
  const { sender } = await open(createSesFake({ onMessage: (mail) => mails.push(mail) }), {
    configurationSetName: "acme",
  });
  const outcome = await sendMail(sender, { content: richContent });
  expect(outcome).toEqual({ kind: "sent", providerMessageId: mails[0]?.id });
  expect(mails[0]).toMatchObject({ ...richMail, configurationSetName: "acme", from: "Ann, of Acme <ann@acme.test>" });
  expect(mails[0]?.headers).toMatchObject({
    "list-unsubscribe": "<https://acme.test/u/1>",
    "message-id": "<dlv_1@acme.test>",
  });
  await sendMail(sender);
  expect(mails[1]).toMatchObject({ from: "hello@acme.test", html: "", attachments: [] });
});

test.each([
  [
    problem(429, "TooManyRequestsException", "slow", { "retry-after": "7" }),
    { reason: "429 TooManyRequestsException: slow", retryAfterMs: 7_000 },
  ],
  [problem(400, "LimitExceededException", "quota"), { reason: "400 LimitExceededException: quota" }],
  [problem(400, "SendingPausedException", "paused"), { reason: "400 SendingPausedException: paused" }],
  [problem(403, "InvalidSignatureException", "no"), { reason: "403 InvalidSignatureException: no" }],
  [problem(500, "InternalFailure", "oh"), { reason: "500 InternalFailure: oh" }],
  [
    { status: 504, body: "" },
    { reason: expect.stringMatching(/^504/), ambiguous: true },
  ],
  [
    { status: 200, body: {} },
    { reason: expect.stringContaining("without a message's id"), ambiguous: true },
  ],
  ["reset" as const, { reason: expect.stringMatching(/./), ambiguous: true }],
])("answered %j, it is tried again later", async (fault, expected) => {
  const { fake, sender } = await open(createSesFake());
  fake.script.next(1, fault);
  expect(await sendMail(sender)).toEqual({ kind: "deferred", ...expected });
  expect(await sendMail(sender)).toMatchObject({ kind: "sent" });
  expect(fake.tally.total).toBe(1);
});

test("what Amazon refuses is refused in its words", async () => {
  const { fake, sender } = await open(createSesFake());
  fake.script.next(1, problem(400, "MessageRejected", "Email address is not verified."));
  expect(await sendMail(sender)).toEqual({
    kind: "rejected",
    reason: "400 MessageRejected: Email address is not verified.",
  });
});

test("a server that isn't there was sent nothing", async () => {
  const { fake, sender } = await open(createSesFake());
  await fake.close();
  expect(await sendMail(sender)).toEqual({ kind: "deferred", reason: expect.stringContaining("ECONNREFUSED") });
});

test("credentials are known, refused in Amazon's words, or could not be asked for", async () => {
  expect(await check(createSesFake())).toEqual({ kind: "good" });
  expect(await check(createSesFake(), { secretAccessKey: "other" })).toEqual({
    kind: "refused",
    reason: expect.stringContaining("InvalidSignatureException"),
  });
  expect(await checkUnreachable(createSesFake())).toMatchObject({ kind: "unreachable" });
});

describe("receipts", () => {
  const context = { outboundAllow: ["127.0.0.0/8"] };
  testReceipts({
    provider: ses,
    async account() {
      const fake = await createSesFake();
      return {
        config: { ...sesAccount, from: "hello@acme.test", apiUrl: fake.url, topicArn: fake.topic.topicArn },
        sign: (payload) => fake.topic.notify(JSON.stringify(payload)),
        event: (event, mail) => sesEvent(event as Exclude<typeof event, "unsubscribed">, mail),
        close: fake.close,
      };
    },
    events: ["delivered", "bounced_hard", "bounced_soft", "complained", "opened", "clicked"],
    forge: (call) => ({ ...call, body: Buffer.from(call.body.toString().replace("Delivery", "Bounce")) }),
    needs: ["topicArn"],
  });

  async function topicAccount() {
    const { fake } = await open(createSesFake());
    const config = { ...sesAccount, from: "hello@acme.test", apiUrl: fake.url, topicArn: fake.topic.topicArn };
    return { fake, account: ses.config.parse(config) };
  }

  test("a subscription to the account's topic is confirmed at Amazon", async () => {
    const { fake, account } = await topicAccount();
    const call = fake.topic.subscribe();
    expect(await ses.receipts?.read(call, account, context)).toEqual({ kind: "handshake", answer: "confirmed" });
    expect(fake.topic.confirmed).toEqual([JSON.parse(call.body.toString()).Token]);
  });

  test("a topic of somebody else's is not believed, though Amazon signed it", async () => {
    const { fake, account } = await topicAccount();
    const call = fake.receipt("complained", { id: "1", to: "bob@example.com" });
    const other = { ...account, topicArn: `${fake.topic.topicArn}-of-another` };
    expect(await ses.receipts?.read(call, other, context)).toEqual({
      kind: "forged",
      reason: "comes from another topic",
    });
  });

  test.each([
    "https://sns.eu-central-1.amazonaws.com.evil.test/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
    "https://sns.eu-central-1.amazonaws.com@evil.test/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
    "http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
    "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
    "https://sns.eu-central-1.amazonaws.com/other.pem",
    "https://169.254.169.254/latest/meta-data",
    "no URL",
  ])("a certificate at %s is not fetched", async (SigningCertURL) => {
    const { fake, account } = await topicAccount();
    const call = fake.topic.notify("{}");
    const body = Buffer.from(JSON.stringify({ ...JSON.parse(call.body.toString()), SigningCertURL }));
    const asked = vi.spyOn(fake.topic, "answer");
    expect(await ses.receipts?.read({ ...call, body }, account, context)).toMatchObject({ kind: "forged" });
    expect(asked).not.toHaveBeenCalled();
  });

  test("an API in our own networks, written by a tenant, is not asked for a certificate", async () => {
    const { fake, account } = await topicAccount();
    const asked = vi.spyOn(fake.topic, "answer");
    const reading = ses.receipts?.read(fake.topic.notify("{}"), account, { outboundAllow: [] });
    await expect(reading).rejects.toMatchObject({ cause: { message: "127.0.0.1 is not a public address" } });
    expect(asked).not.toHaveBeenCalled();
  });

  test("while Amazon can't be reached it throws, so that SNS posts again", async () => {
    const { fake, account } = await topicAccount();
    const call = fake.receipt("delivered", { id: "1", to: "bob@example.com" });
    await fake.close();
    await expect(ses.receipts?.read(call, account, context)).rejects.toThrow("could not be fetched");
  });
});
