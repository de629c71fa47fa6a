import { buffer } from "node:stream/consumers";
import DKIM from "nodemailer/lib/dkim";
import MailComposer from "nodemailer/lib/mail-composer";
import type { EmailContent } from "../../channels/email";
import type { Envelope } from "./connection";

/** A mail as it goes over the wire. */
export interface ComposedMail {
  envelope: Envelope;
  /** The Message-ID header without its angle brackets. */
  messageId: string;
  message: Buffer;
}

export interface MailFrame {
  to: string;
  /** Sender of the account; the content's own goes first. */
  from: string;
  /** Becomes the Message-ID, so that the same delivery sent twice is recognisable. */
  idempotencyKey: string;
}

/** Builds the MIME message with nodemailer's composer. Contents are never read as paths or URLs. */
export async function composeMail(
  content: EmailContent,
  { to, from, idempotencyKey }: MailFrame,
): Promise<ComposedMail> {
  const { attachments = [], ...mail } = content;
  // Given to the composer, because it would draw a random one before we could set ours.
  const messageId = `${idempotencyKey.replace(/[^\w.-]/g, "")}@${domainOf(mail.from ?? from)}`;
  const node = new MailComposer({
    from,
    ...mail,
    to: { name: "", address: to },
    messageId: `<${messageId}>`,
    attachments: attachments.map((attachment) => ({ ...attachment, encoding: "base64" })),
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const envelope = node.getEnvelope();
  return { envelope: { from: envelope.from || from, to: envelope.to }, messageId, message: await node.build() };
}

/** What follows the last @ of a mailbox, `Ann <ann@example.com>`. */
function domainOf(mailbox: string): string {
  return /@([^@<>\s]+)>?\s*$/.exec(mailbox)?.[1] ?? "localhost";
}

/** A function that signs a composed message with a domain's key (RFC 6376). */
export function dkimSigner(key: { domainName: string; keySelector: string; privateKey: string }) {
  const dkim = new DKIM(key);
  return (message: Buffer): Promise<Buffer> => buffer(dkim.sign(message));
}
