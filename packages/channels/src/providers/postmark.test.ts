import type { HttpFake } from "@tidings/tests/fakes/http-fake";
import {
  createPostmarkFake,
  type PostmarkMail,
  postmarkCall,
  postmarkEvent,
  postmarkToken,
  problem,
} from "@tidings/tests/fakes/postmark-fake";
import { describe, expect, test } from "vitest";
import type { ConnectedAccount } from "../provider";
import { accountsAt, richContent, richMail, sendMail } from "../testing/email-account";
import { testReceipts } from "../testing/receipt-tests";
import { postmark } from "./postmark";

const { open, check, checkUnreachable } = accountsAt<HttpFake>(postmark, { serverToken: postmarkToken });

test("a mail goes out with all it has, by the account's stream", async () => {
  const mails: PostmarkMail[] = [];
  const { sender } = await open(createPostmarkFake({ onMessage: (mail) => mails.push(mail) }), {
    messageStream: "news",
  });
  const outcome = await sendMail(sender, { content: richContent });
  expect(outcome).toEqual({ kind: "sent", providerMessageId: mails[0]?.id });
  expect(mails[0]).toMatchObject({ ...richMail, from: '"Ann, of Acme" <ann@acme.test>', stream: "news" });
  expect(mails[0]?.headers).toMatchObject({
    "list-unsubscribe": "<https://acme.test/u/1>",
    "message-id": "<dlv_1@acme.test>",
    "x-pm-keepid": "true",
  });
  await sendMail(sender);
  expect(mails[1]).toMatchObject({ from: "hello@acme.test", html: "", attachments: [] });
});

test.each([
  [
    problem(429, 429, "Rate limit exceeded", { "retry-after": "7" }),
    { reason: "429 429 Rate limit exceeded", retryAfterMs: 7_000 },
  ],
  [problem(401, 10, "no token"), { reason: "401 10 no token" }],
  [problem(422, 405, "out of credits"), { reason: "422 405 out of credits" }],
  [problem(503, 100, "maintenance"), { reason: "503 100 maintenance" }],
  [
    { status: 504, body: "" },
    { reason: "504", ambiguous: true },
  ],
  [
    { status: 200, body: {} },
    { reason: "answered without a message's id", ambiguous: true },
  ],
  ["reset" as const, { reason: expect.stringMatching(/./), ambiguous: true }],
])("answered %j, it is tried again later", async (fault, expected) => {
  const { fake, sender } = await open(createPostmarkFake());
  fake.script.next(1, fault);
  expect(await sendMail(sender)).toEqual({ kind: "deferred", ...expected });
  expect(await sendMail(sender)).toMatchObject({ kind: "sent" });
  expect(fake.tally.total).toBe(1);
});

test("what Postmark refuses is refused in its words; an inactive recipient's address is dead", async () => {
  const { sender } = await open(createPostmarkFake({ inactive: ["gone@example.com"] }));
  expect(await sendMail(sender, { to: "nobody" })).toEqual({
    kind: "rejected",
    reason: "422 300 Invalid 'To' address: 'nobody'.",
  });
  expect(await sendMail(sender, { to: "gone@example.com" })).toEqual({
    kind: "rejected",
    reason: expect.stringContaining("406"),
    addressDead: true,
  });
});

describe("many at once", () => {
  function sendMany(sender: ConnectedAccount, addresses: string[], content: object = { subject: "Hello", text: "Hi" }) {
    const { signal } = new AbortController();
    const outgoing = addresses.map((to, position) => ({
      message: { channel: "email", to, content },
      options: { idempotencyKey: `dlv_${position}`, attempt: 1, signal },
    }));
    return sender.many?.send(outgoing, signal) ?? Promise.reject(new Error("sends one by one"));
  }

  test("each mail has its own outcome, in order", async () => {
    const mails: PostmarkMail[] = [];
    const inactive = ["gone@example.com"];
    const { fake, sender } = await open(createPostmarkFake({ inactive, onMessage: (mail) => mails.push(mail) }));
    const outcomes = await sendMany(sender, ["a@example.com", "gone@example.com", "nobody", "b@example.com"]);
    expect(outcomes).toMatchObject([
      { kind: "sent", providerMessageId: mails[0]?.id },
      { kind: "rejected", addressDead: true },
      { kind: "rejected", reason: expect.stringContaining("300") },
      { kind: "sent", providerMessageId: mails[1]?.id },
    ]);
    expect(sender.many?.max).toBe(500);
    expect([...fake.tally.ids()]).toEqual(["<dlv_0@acme.test>", "<dlv_3@acme.test>"]);
  });

  test("a batch that fails as a whole fails each of its mails", async () => {
    const { fake, sender } = await open(createPostmarkFake());
    fake.script.next(1, "reset");
    const outcomes = await sendMany(sender, ["a@example.com", "b@example.com"]);
    expect(outcomes).toEqual(Array(2).fill({ kind: "deferred", reason: expect.stringMatching(/./), ambiguous: true }));
  });

  test("an answer that leaves mails out leaves their outcomes open", async () => {
    const { fake, sender } = await open(createPostmarkFake());
    fake.script.next(1, { status: 200, body: [{ ErrorCode: 0, MessageID: "m1" }] });
    const outcomes = await sendMany(sender, ["a@example.com", "b@example.com"]);
    expect(outcomes).toMatchObject([{ kind: "sent" }, { kind: "deferred", ambiguous: true }]);
  });

  test("what is more than one call may hold goes in several", async () => {
    const { fake, sender } = await open(createPostmarkFake());
    fake.script.next(1, problem(429, 429, "Rate limit exceeded"));
    const outcomes = await sendMany(sender, Array(5).fill("a@example.com"), {
      subject: "Hello",
      text: "x".repeat(9_000_000),
    });
    expect(outcomes.map(({ kind }) => kind)).toEqual(["deferred", "deferred", "deferred", "deferred", "sent"]);
  });
});

test("a token is known, refused in Postmark's words, or could not be asked for", async () => {
  expect(await check(createPostmarkFake())).toEqual({ kind: "good" });
  expect(await check(createPostmarkFake(), { serverToken: "other" })).toEqual({
    kind: "refused",
    reason: "401 10 Request does not contain a valid Server token.",
  });
  expect(await checkUnreachable(createPostmarkFake())).toMatchObject({ kind: "unreachable" });
});

describe("receipts", () => {
  const login = { webhookUser: "tidings", webhookPassword: "päss:word" };
  const config = { serverToken: postmarkToken, from: "hello@acme.test", ...login };
  const sign = (payload: unknown) => postmarkCall(payload, login.webhookUser, login.webhookPassword);

  testReceipts({
    provider: postmark,
    account: async () => ({ config, sign, event: postmarkEvent }),
    events: ["delivered", "bounced_hard", "bounced_soft", "complained", "opened", "clicked", "unsubscribed"],
    forge: (call) => ({ ...call, headers: postmarkCall({}, login.webhookUser, "guess").headers }),
    needs: ["webhookUser", "webhookPassword"],
  });

  const told = { id: "1", to: "bob@example.com" };

  test.each([
    [{ ...postmarkEvent("bounced_hard", told), Type: "SpamComplaint" }, ["complained"]],
    [{ ...postmarkEvent("bounced_hard", told), Type: "AutoResponder" }, []],
    [{ ...postmarkEvent("unsubscribed", told), SuppressSending: false, SuppressionReason: null }, ["resubscribed"]],
    [{ ...postmarkEvent("unsubscribed", told), SuppressionReason: "HardBounce" }, []],
  ])("%j is %j", async (event, kinds) => {
    const reading = await postmark.receipts?.read(sign(event), postmark.config.parse(config));
    expect(reading?.kind === "receipts" && reading.receipts.map(({ kind }) => kind)).toEqual(kinds);
  });
});
