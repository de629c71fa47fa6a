import { createHash, createVerify, generateKeyPairSync } from "node:crypto";
import { readMail } from "@tidings/tests/fakes/read-mail";
import { selfSignedCertificate } from "@tidings/tests/fakes/self-signed-certificate";
import { createSmtpFake, type SmtpFake, type SmtpFakeOptions, type SmtpMessage } from "@tidings/tests/fakes/smtp-fake";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { ConnectedAccount } from "../provider";
import { smtp } from "./smtp";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(
  config: Record<string, unknown> = {},
  options: SmtpFakeOptions = {},
): Promise<{ fake: SmtpFake; sender: ConnectedAccount; mails: SmtpMessage[] }> {
  const mails: SmtpMessage[] = [];
  const fake = await createSmtpFake({ ...options, onMessage: (mail) => mails.push(mail) });
  const account = smtp.config.parse({ host: "127.0.0.1", port: fake.port, from: "Acme <hello@acme.test>", ...config });
  const sender = await smtp.connect(account, { outboundAllow: ["127.0.0.0/8"] });
  cleanups.push(
    () => fake.close(),
    () => sender.close?.() ?? Promise.resolve(),
  );
  return { fake, sender, mails };
}

function send(sender: ConnectedAccount, id = "dlv_1", signal: AbortSignal = new AbortController().signal) {
  const message = { channel: "email", to: "ann@example.com", content: { subject: "Hello", text: ".Hi\n." } };
  return sender.send(message, { idempotencyKey: id, attempt: 1, signal });
}

test("a mail arrives as it was written, and its Message-ID is the provider's id", async () => {
  const { sender, mails } = await start();
  expect(await send(sender)).toEqual({ kind: "sent", providerMessageId: "dlv_1@acme.test" });
  expect(mails).toMatchObject([{ messageId: "dlv_1@acme.test", from: "hello@acme.test", to: ["ann@example.com"] }]);
  expect(mails[0]?.raw.toString()).toContain("\r\n\r\n.Hi\r\n.\r\n");
});

test("a mail longer than the socket takes at once arrives whole", async () => {
  const { sender, mails } = await start();
  const text = "0123456789".repeat(6).concat("\r\n").repeat(20_000);
  const message = { channel: "email", to: "ann@example.com", content: { subject: "Long", text } };
  const options = { idempotencyKey: "dlv_1", attempt: 1, signal: new AbortController().signal };
  expect(await sender.send(message, options)).toMatchObject({ kind: "sent" });
  expect(mails[0]?.raw.toString()).toContain(`\r\n\r\n${text}`);
});

test("a mail with a file arrives whole, on another connection when the one kept for it is gone", async () => {
  const { fake, sender, mails } = await start();
  await send(sender);
  fake.dropConnections();
  const file = Buffer.from(".\r\n\0ü".repeat(200_000));
  const attachments = [{ filename: "a.bin", contentType: "application/x", content: file.toString("base64") }];
  const message = { channel: "email", to: "ann@example.com", content: { subject: "File", text: "Hi", attachments } };
  const options = { idempotencyKey: "dlv_2", attempt: 1, signal: new AbortController().signal };
  expect(await sender.send(message, options)).toMatchObject({ kind: "sent" });
  const { attachments: arrived } = await readMail(mails[1]?.raw as Buffer);
  expect(file.equals(Buffer.from(arrived[0]?.content as ArrayBuffer))).toBe(true);
});

test("connections are kept alive and never more than configured", async () => {
  const { fake, sender } = await start({ maxConnections: 3 });
  let most = 0;
  const sends = Array.from({ length: 60 }, async (_, index) => {
    const outcome = await send(sender, `dlv_${index}`);
    most = Math.max(most, fake.connections);
    return outcome.kind;
  });
  expect(new Set(await Promise.all(sends))).toEqual(new Set(["sent"]));
  expect([fake.tally.total, fake.tally.repeated(), most]).toEqual([60, [], 3]);
});

test("logs in when the account has a user, and a refused login is the account's fault, not the mail's", async () => {
  const login = { user: "acme", password: "s3cret" };
  const good = await start({ user: "acme", password: "s3cret" }, { login });
  expect(await send(good.sender)).toMatchObject({ kind: "sent" });
  const bad = await start({ user: "acme", password: "wrong" }, { login });
  expect(await send(bad.sender)).toEqual({
    kind: "deferred",
    reason: "535 5.7.8 Authentication credentials invalid",
  });
});

test("credentials are checked by a login, without a mail", async () => {
  const login = { user: "acme", password: "s3cret" };
  const { fake } = await start(login, { login });
  const check = (config: object) => {
    const account = smtp.config.parse({ host: "127.0.0.1", port: fake.port, from: "hello@acme.test", ...config });
    return smtp.check?.(account, { outboundAllow: ["127.0.0.0/8"] }, AbortSignal.timeout(5_000));
  };
  expect(await check(login)).toEqual({ kind: "good" });
  expect(await check({ ...login, password: "wrong" })).toEqual({
    kind: "refused",
    reason: "535 5.7.8 Authentication credentials invalid",
  });
  expect(await check({ ...login, requireTls: true })).toMatchObject({ kind: "unreachable" });
  await vi.waitFor(() => expect(fake.connections).toBe(0));
  await fake.close();
  expect(await check(login)).toEqual({ kind: "unreachable", reason: expect.stringContaining("ECONNREFUSED") });
  expect(fake.tally.total).toBe(0);
});

test.each([
  ["recipient", [550, "5.1.1 no such user"], { kind: "rejected", reason: "550 5.1.1 no such user", addressDead: true }],
  ["recipient", [550, "5.7.1 not you"], { kind: "rejected", reason: "550 5.7.1 not you" }],
  ["recipient", [450, "4.2.1 busy"], { kind: "deferred", reason: "450 4.2.1 busy", isRecipients: true }],
  ["recipient", [451, "greylisted"], { kind: "deferred", reason: "451 greylisted", isRecipients: true }],
  ["recipient", [452, "4.2.2 full"], { kind: "deferred", reason: "452 4.2.2 full", isRecipients: true }],
  ["recipient", [450, "4.1.8 whose domain?"], { kind: "deferred", reason: "450 4.1.8 whose domain?" }],
  ["recipient", [451, "4.7.1 policy"], { kind: "deferred", reason: "451 4.7.1 policy" }],
  ["recipient", [452, "4.3.1 disk full"], { kind: "deferred", reason: "452 4.3.1 disk full" }],
  ["recipient", [421, "4.2.0 bye"], { kind: "deferred", reason: "421 4.2.0 bye" }],
  ["message", [452, "4.2.2 full"], { kind: "deferred", reason: "452 4.2.2 full", isRecipients: true }],
  ["message", [554, "5.6.0 spam"], { kind: "rejected", reason: "554 5.6.0 spam" }],
  ["message", [451, "4.3.0 later"], { kind: "deferred", reason: "451 4.3.0 later" }],
  ["message", [421, "4.7.0 too many"], { kind: "deferred", reason: "421 4.7.0 too many" }],
  ["connect", [554, "5.3.2 closed"], { kind: "deferred", reason: "554 5.3.2 closed" }],
] as const)("%s answered %j becomes %j, and the next mail goes out", async (at, reply, expected) => {
  const { fake, sender } = await start({ maxConnections: 1 });
  fake.script.next(1, { at, reply: [...reply] });
  expect(await send(sender)).toEqual(expected);
  expect(await send(sender)).toMatchObject({ kind: "sent" });
});

test("a session goes on after a refused mail, without a new connection", async () => {
  const { fake, sender } = await start({ maxConnections: 1 });
  await send(sender);
  fake.script.next(1, { at: "recipient", reply: [550, "5.1.1 no such user"] });
  await send(sender);
  await send(sender);
  expect(fake.accepted).toBe(1);
});

test("a mail whose connection breaks after its text was sent may have arrived, and isn't sent again by itself", async () => {
  const { fake, sender } = await start();
  await send(sender, "dlv_1"); // so that the next one's connection is a kept one
  fake.script.next(1, { at: "message", reply: "reset" });
  expect(await send(sender, "dlv_2")).toMatchObject({ kind: "deferred", ambiguous: true });
  expect(fake.tally.of("dlv_2@acme.test")).toBe(0);
});

test("a mail whose connection breaks before its text was sent can't have arrived", async () => {
  const { fake, sender } = await start();
  fake.script.next(1, { at: "recipient", reply: "reset" });
  const outcome = await send(sender);
  expect(outcome).toMatchObject({ kind: "deferred" });
  expect(outcome).not.toHaveProperty("ambiguous");
});

test("a server that isn't there is no one's fault for ever", async () => {
  const { fake, sender } = await start();
  await fake.close();
  const outcome = await send(sender);
  expect(outcome).toEqual({ kind: "deferred", reason: expect.stringContaining("ECONNREFUSED") });
});

test.each(["recipient", "message"] as const)("an abort ends a send that hangs at the %s", async (at) => {
  const { fake, sender } = await start({ maxConnections: 1 });
  fake.script.next(1, { at, reply: "hang" });
  const controller = new AbortController();
  const sending = send(sender, "dlv_1", controller.signal);
  await vi.waitFor(() => expect(fake.hanging).toBe(1));
  controller.abort();
  const outcome = await sending;
  expect(outcome).toMatchObject({ kind: "deferred", ...(at === "message" && { ambiguous: true }) });
  if (at === "recipient") expect(outcome).not.toHaveProperty("ambiguous");
  expect(await send(sender, "dlv_2")).toMatchObject({ kind: "sent" });
});

describe.each(["implicit", "starttls"] as const)("a server with TLS, %s", (tls) => {
  const secure = tls === "implicit";
  const login = { user: "acme", password: "s3cret" };

  test("gets neither a mail nor a login when nobody vouches for its certificate", async () => {
    const { fake, sender } = await start({ ...login, secure }, { tls, login });
    const outcome = await send(sender);
    expect(outcome).toEqual({ kind: "deferred", reason: expect.stringMatching(/self-signed certificate/) });
    const account = { host: "127.0.0.1", port: fake.port, from: "hello@acme.test", secure, ...login };
    const check = await smtp.check?.(
      smtp.config.parse(account),
      { outboundAllow: ["127.0.0.0/8"] },
      AbortSignal.timeout(5_000),
    );
    expect(check).toEqual({ kind: "unreachable", reason: expect.stringMatching(/self-signed certificate/) });
    expect([fake.tally.total, fake.logins]).toEqual([0, 0]);
  });

  test("gets mails when the account trusts its certificate, under the name that is on it", async () => {
    const trusting = { ca: selfSignedCertificate.cert, servername: "localhost" };
    const { fake, sender } = await start({ ...login, secure, tls: trusting }, { tls, login });
    expect(await send(sender)).toMatchObject({ kind: "sent" });
    const { sender: misled } = await start({ secure, tls: { ...trusting, servername: "mail.acme.test" } }, { tls });
    expect(await send(misled)).toMatchObject({
      kind: "deferred",
      reason: expect.stringMatching(/altnames|does not match/),
    });
    expect([fake.tally.total, fake.logins]).toEqual([1, 1]);
  });
});

test("a server that offers no TLS gets no mail of an account that refuses to do without", async () => {
  const { fake, sender } = await start({ requireTls: true });
  expect(await send(sender)).toMatchObject({ kind: "deferred" });
  expect(fake.tally.total).toBe(0);
});

test("an abort takes a mail out of the line for a connection", async () => {
  const { fake, sender } = await start({ maxConnections: 1 });
  fake.script.next(1, { at: "message", reply: "hang" });
  const first = new AbortController();
  const second = new AbortController();
  const sending = [send(sender, "dlv_1", first.signal), send(sender, "dlv_2", second.signal)];
  await vi.waitFor(() => expect(fake.hanging).toBe(1));
  second.abort();
  expect(await sending[1]).toMatchObject({ kind: "deferred" });
  first.abort();
  await sending[0];
  expect(fake.tally.total).toBe(0);
});

test("connections that the server dropped while idle cost no mail its attempt, and wedge nothing", async () => {
  const { fake, sender } = await start({ maxConnections: 4 });
  for (let round = 0; round < 5; round++) {
    const ids = Array.from({ length: 20 }, (_, index) => `dlv_${round}_${index}`);
    const outcomes = await Promise.all(ids.map((id) => send(sender, id)));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["sent"]));
    fake.dropConnections(); // and straight on, before our side has noticed
  }
  expect([fake.tally.total, fake.tally.repeated()]).toEqual([100, []]);
});

test("a connection that the server says it will close is left for another", async () => {
  const { fake, sender } = await start({ maxConnections: 1 });
  await send(sender);
  fake.script.next(1, { at: "recipient", reply: [421, "4.3.2 shutting down"] });
  expect(await send(sender)).toMatchObject({ kind: "sent" });
  expect(fake.accepted).toBe(2);
});

test("closing lets the mail under way finish, fails what waits and gives the sockets back", async () => {
  const { fake, sender } = await start({ maxConnections: 1 });
  const outcomes = [send(sender, "dlv_1"), send(sender, "dlv_2")];
  await vi.waitFor(() => expect(fake.connections).toBe(1));
  await sender.close?.();
  expect((await Promise.all(outcomes)).map(({ kind }) => kind)).toEqual(["sent", "deferred"]);
  await vi.waitFor(() => expect(fake.connections).toBe(0));
  expect(await send(sender, "dlv_3")).toMatchObject({ kind: "deferred" });
});

test("a mail is signed with the domain's key, and the signature holds for what arrived", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  const dkim = { domainName: "acme.test", keySelector: "mail", privateKey: pem };
  const { sender, mails } = await start({ dkim });
  await send(sender);
  const [head = "", ...rest] = (mails[0]?.raw.toString() ?? "").split("\r\n\r\n");
  const body = rest.join("\r\n\r\n");
  const fields = new Map(head.split(/\r\n(?![ \t])/).map((line) => [line.split(":", 1)[0]?.toLowerCase(), line]));
  const signature = fields.get("dkim-signature") ?? "";
  const tags = Object.fromEntries(
    [...signature.matchAll(/(\w+)=([^;]+)/g)].map(([, k, v]) => [k, v?.replace(/\s/g, "")]),
  );
  expect(tags).toMatchObject({ d: "acme.test", s: "mail", a: "rsa-sha256", c: "relaxed/relaxed" });
  const relaxedBody = `${body
    .replace(/[ \t]+/g, " ")
    .replace(/ (?=\r\n)/g, "")
    .replace(/(\r\n)*$/, "")}\r\n`;
  expect(createHash("sha256").update(relaxedBody).digest("base64")).toBe(tags.bh);
  const relax = (line = "") => {
    const [, name = "", value = ""] = /^([^:]+):(.*)$/s.exec(line) ?? [];
    return `${name.toLowerCase()}:${value
      .replace(/\r\n/g, "")
      .replace(/[ \t]+/g, " ")
      .trim()}`;
  };
  const signed = String(tags.h)
    .split(":")
    .map((name) => `${relax(fields.get(name.toLowerCase()))}\r\n`);
  const unsigned = relax(signature).replace(/\bb=[^;]*$/, "b=");
  const holds = createVerify("sha256")
    .update(signed.join("") + unsigned)
    .verify(publicKey, tags.b ?? "", "base64");
  expect(holds).toBe(true);
});

test.each([
  [{ user: "a" }, "password"],
  [{ from: "not a mailbox" }, "from"],
  [{ from: "a@b.test\r\nBcc: x@y.test" }, "from"],
  [{ port: 0 }, "port"],
  [{ dkim: { domainName: "a.test", keySelector: "s", privateKey: "nonsense" } }, "dkim.privateKey"],
  [{ colour: "red" }, ""],
])("the account %j is refused at %s", (config, path) => {
  const { error } = smtp.config.safeParse({ host: "h", from: "a@b.test", ...(config as object) });
  expect(new Set(error?.issues.map((issue) => issue.path.join(".")))).toEqual(new Set([path]));
});
