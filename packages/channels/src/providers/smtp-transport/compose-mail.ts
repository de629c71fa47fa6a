import { randomUUID } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { domainToASCII } from "node:url";
import * as base64 from "nodemailer/lib/base64";
import DKIM from "nodemailer/lib/dkim";
import { buildHeaderValue, encodeWord, encodeWords, foldLines, quoteString } from "nodemailer/lib/mime-funcs";
import * as quotedPrintable from "nodemailer/lib/qp";
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

interface Mailbox {
  name: string;
  address: string;
}

/** Lines no longer than this go out as they are (RFC 5322, 2.1.1). */
const lineLength = 76;
/** Encoded words are cut so that each fits a line beside its field's name. */
const wordLength = 52;

/**
 * Builds the MIME message. The encodings are nodemailer's; the message is written here in one go, since nodemailer's way,
 * a tree and a dozen streams for each mail, takes most of what a send costs.
 */
export function composeMail(content: EmailContent, { to, from: ownFrom, idempotencyKey }: MailFrame): ComposedMail {
  const from = parseMailbox(content.from ?? ownFrom);
  const recipient = parseMailbox(to).address;
  const domain = from.address.slice(from.address.lastIndexOf("@") + 1);
  const messageId = `${idempotencyKey.replace(/[^\w.-]/g, "")}@${domain}`;
  const head = [
    field("From", writeMailbox(from)),
    field("To", recipient),
    ...(content.replyTo ? [field("Reply-To", writeMailbox(parseMailbox(content.replyTo)))] : []),
    field("Subject", writeText(content.subject)),
    `Message-ID: <${messageId}>`,
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
    ...Object.entries(content.headers ?? {}).map(([name, value]) => field(name, writeText(value))),
    "MIME-Version: 1.0",
  ];
  return {
    envelope: { from: from.address, to: [recipient] },
    messageId,
    message: Buffer.from(`${head.join("\r\n")}\r\n${writeBody(content)}\r\n`),
  };
}

/** A function that signs a composed message with a domain's key (RFC 6376). */
export function dkimSigner(key: { domainName: string; keySelector: string; privateKey: string }) {
  const dkim = new DKIM(key);
  return (message: Buffer): Promise<Buffer> => buffer(dkim.sign(message));
}

/** Alternatives from the plainest to the richest (RFC 2046, 5.1.4), attachments after them. */
function writeBody({ text, html, attachments = [] }: EmailContent): string {
  const alternatives = [
    ...(text === undefined ? [] : [writeTextPart("plain", text)]),
    ...(html === undefined ? [] : [writeTextPart("html", html)]),
  ];
  const body = writeMultipart("alternative", alternatives);
  return writeMultipart("mixed", [body, ...attachments.map(writeAttachment)]);
}

/** A part alone needs no multipart around it. */
function writeMultipart(kind: string, parts: readonly string[]): string {
  if (parts.length === 1) return parts.join();
  const boundary = `=_${randomUUID()}`; // `=_` can't occur in an encoded part
  const written = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("");
  return `Content-Type: multipart/${kind};\r\n boundary="${boundary}"\r\n\r\n${written}--${boundary}--`;
}

function writeTextPart(kind: "plain" | "html", content: string): string {
  const text = content.replace(/\r\n|\r|\n/g, "\r\n");
  const isPlain = !/[^\t\r\n\x20-\x7e]/.test(text) && !/^.{77}/m.test(text);
  const encoding = isPlain ? "7bit" : prefersBase64(text) ? "base64" : "quoted-printable";
  const written = isPlain
    ? text
    : encoding === "base64"
      ? base64.wrap(base64.encode(text), lineLength)
      : quotedPrintable.wrap(quotedPrintable.encode(text), lineLength);
  return `Content-Type: text/${kind}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${written}`;
}

function writeAttachment({ filename, contentType, content }: NonNullable<EmailContent["attachments"]>[number]): string {
  return [
    field("Content-Type", contentType),
    field("Content-Disposition", buildHeaderValue({ value: "attachment", params: { filename } })),
    "Content-Transfer-Encoding: base64",
    "",
    base64.wrap(content, lineLength),
  ].join("\r\n");
}

function field(name: string, value: string): string {
  return foldLines(`${name}: ${value}`, lineLength);
}

/** Every word is encoded when one must be, since some clients eat the blanks between (as nodemailer does). */
function writeText(text: string): string {
  return encodeWords(text, prefersBase64(text) ? "B" : "Q", wordLength, true);
}

function writeMailbox({ name, address }: Mailbox): string {
  if (name === "") return address;
  if (/^[\w ]+$/.test(name)) return `${name} <${address}>`;
  const isAscii = /^[\x20-\x7e]*$/.test(name);
  return `${isAscii ? quoteString(name) : encodeWord(name, prefersBase64(name) ? "B" : "Q", wordLength)} <${address}>`;
}

/** `Ann, Ltd <ann@example.com>`, `"Ann" <…>` or the address alone; the domain becomes its ASCII form. */
function parseMailbox(text: string): Mailbox {
  const [, name = "", mailbox = text] = /^(.*)<([^<>]+)>$/.exec(text.trim()) ?? [];
  const at = mailbox.lastIndexOf("@") + 1;
  const domain = mailbox.slice(at);
  const address = /[^\x20-\x7e]/.test(domain) ? mailbox.slice(0, at) + domainToASCII(domain) : mailbox;
  return { name: name.trim().replace(/^"(.*)"$/, "$1"), address };
}

/** Where most characters take two bytes and more, base64 is shorter than three characters for each byte. */
function prefersBase64(text: string): boolean {
  return Buffer.byteLength(text) > text.length * 1.4;
}
