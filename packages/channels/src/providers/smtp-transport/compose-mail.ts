import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import DKIM from "nodemailer/lib/dkim";
import type { EmailContent } from "../../channels/email";
import { buildMail } from "./build-mail";
import { type WrittenMail, writeMail } from "./write-mail";

/** A mail as it goes over the wire. */
export interface ComposedMail extends WrittenMail {
  /** The Message-ID header without its angle brackets. */
  messageId: string;
}

export interface MailFrame {
  to: string;
  /** Sender of the account; the content's own goes first. */
  from: string;
  /** Becomes the Message-ID, so that the same delivery sent twice is recognisable. */
  idempotencyKey: string;
}

/** Turns content into a MIME message. */
export function composeMail(content: EmailContent, frame: MailFrame): ComposedMail {
  const from = content.from ?? frame.from;
  const messageId = `${frame.idempotencyKey.replace(/[^\w.-]/g, "")}@${domainOf(from)}`;
  const mail = { ...content, from, to: frame.to, messageId };
  return { messageId, ...(isOrdinary(content) ? writeMail(mail) : buildMail(mail)) };
}

/** Nothing attached, and no header of its own that describes its parts. */
function isOrdinary({ attachments = [], headers = {} }: EmailContent): boolean {
  return attachments.length === 0 && !Object.keys(headers).some((name) => /^content-/i.test(name));
}

/** What follows the last @ of a mailbox, `Ann <ann@example.com>`. */
function domainOf(mailbox: string): string {
  return /@([^@<>\s]+)>?\s*$/.exec(mailbox)?.[1] ?? "localhost";
}

/** A function that signs a composed message with a domain's key (RFC 6376). */
export function dkimSigner(key: { domainName: string; keySelector: string; privateKey: string }) {
  const dkim = new DKIM(key);
  return (message: Buffer | Readable): Promise<Buffer> => buffer(dkim.sign(message));
}
