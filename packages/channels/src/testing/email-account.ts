import type { ApiMail } from "@tidings/tests/fakes/api-mail";
import { afterEach } from "vitest";
import type { EmailContent } from "../channels/email";
import type { AccountCheck, ConnectedAccount, Provider, SendOutcome } from "../provider";

const outboundAllow = ["127.0.0.0/8"];

/** A mail with everything that a mail may have. */
export const richContent: EmailContent = {
  subject: "Grüße, Ann",
  html: "<p>Hi</p>",
  text: "Hi",
  from: "Ann, of Acme <ann@acme.test>",
  replyTo: "help@acme.test",
  headers: { "List-Unsubscribe": "<https://acme.test/u/1>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
  attachments: [
    { filename: "one.txt", contentType: "text/plain", content: Buffer.from("one").toString("base64") },
    { filename: "two.pdf", contentType: "application/pdf", content: Buffer.from("two").toString("base64") },
  ],
};

/** What must have arrived of {@link richContent}. */
export const richMail: Partial<ApiMail> = {
  to: "bob@example.com",
  replyTo: "help@acme.test",
  subject: "Grüße, Ann",
  html: "<p>Hi</p>",
  text: "Hi",
  attachments: [
    { filename: "one.txt", contentType: "text/plain", content: Buffer.from("one") },
    { filename: "two.pdf", contentType: "application/pdf", content: Buffer.from("two") },
  ],
};

/** Sends one plain mail, or the one given. */
export function sendMail(
  sender: ConnectedAccount,
  {
    to = "bob@example.com",
    content = { subject: "Hello", text: "Hi" } as EmailContent,
    key = "dlv_1",
    signal = new AbortController().signal,
  } = {},
): Promise<SendOutcome> {
  return sender.send({ channel: "email", to, content }, { idempotencyKey: key, attempt: 1, signal });
}

/** Opens accounts at a fake, and closes both after each test. */
export function accountsAt<Fake extends { url: string; close(): Promise<void> }>(provider: Provider, usual: object) {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  const configOf = (fake: Fake, config: object) =>
    provider.config.parse({ from: "hello@acme.test", apiUrl: fake.url, ...usual, ...config });
  return {
    async open(opening: Promise<Fake>, config: object = {}): Promise<{ fake: Fake; sender: ConnectedAccount }> {
      const fake = await opening;
      cleanups.push(() => fake.close());
      const sender = await provider.connect(configOf(fake, config), { outboundAllow });
      cleanups.push(async () => sender.close?.());
      return { fake, sender };
    },
    async check(opening: Promise<Fake>, config: object = {}): Promise<AccountCheck | undefined> {
      const fake = await opening;
      cleanups.push(() => fake.close());
      return provider.check?.(configOf(fake, config), { outboundAllow }, AbortSignal.timeout(5_000));
    },
    /** With nobody there to ask. */
    async checkUnreachable(opening: Promise<Fake>): Promise<AccountCheck | undefined> {
      const fake = await opening;
      await fake.close();
      return provider.check?.(configOf(fake, {}), { outboundAllow }, AbortSignal.timeout(5_000));
    },
  };
}
