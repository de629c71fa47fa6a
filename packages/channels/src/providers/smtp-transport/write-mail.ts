import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import * as base64 from "nodemailer/lib/base64";
import { encodeWord, foldLines } from "nodemailer/lib/mime-funcs";
import MimeNode from "nodemailer/lib/mime-node";
import * as quotedPrintable from "nodemailer/lib/qp";
import type { EmailContent } from "../../channels/email";
import type { Envelope } from "./connection";

/** What is to be sent, and who sends it to whom. */
export interface OutgoingMail extends EmailContent {
  from: string;
  to: string;
  /** Without its angle brackets. */
  messageId: string;
}

/** A mail as it goes over the wire; the dots at its line starts are not doubled yet. A stream can be read once. */
export interface WrittenMail<Message extends Buffer | Readable = Buffer | Readable> {
  envelope: Envelope;
  message: Message;
}

/** Characters of an encoded line at most (RFC 2045, 6.7 and 6.8). */
const lineLength = 76;
/** Encoded words are cut so that each fits a line beside its field's name. */
const encodedWordLength = 52;
/** A word that may not stand unencoded: a line has 998 characters at most (RFC 5322, 2.1.1), its field's name among them. */
const longWord = /\S{900}/;
const longLine = new RegExp(`^.{${lineLength + 1}}`, "m");
const beyondAscii = /[^\t\r\n\x20-\x7e]/;
/** Bytes a character from which base64, with 4 for 3, is shorter than quoted-printable, with 3 for each beyond ASCII. */
const mostlyForeign = 1.1;
/** Knows how nodemailer writes the value of a header; the tree it is made for is never built. */
const headers = new MimeNode();

/**
 * Writes a mail without attachments in one go. The encodings are nodemailer's and the mail reads as the one its composer
 * builds, which takes a tree and a dozen streams for each and ten times as long.
 */
export function writeMail({
  from,
  to,
  replyTo,
  subject,
  messageId,
  headers: own = {},
  ...body
}: OutgoingMail): WrittenMail<Buffer> {
  const sender = headers.encodeHeaderValue("From", from);
  const recipient = headers.encodeHeaderValue("To", { name: "", address: to });
  const lines = [
    fold("From", sender),
    fold("To", recipient),
    ...(replyTo ? [field("Reply-To", replyTo)] : []),
    longWord.test(subject) ? fold("Subject", encodeWord(subject, "Q", encodedWordLength)) : field("Subject", subject),
    `Message-ID: <${messageId}>`,
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
    ...Object.entries(own).flatMap(([name, value]) => (value.trim() ? [field(name, value)] : [])),
    "MIME-Version: 1.0",
  ];
  return {
    envelope: { from: addressIn(sender) || from, to: [addressIn(recipient)] },
    message: Buffer.from(`${lines.join("\r\n")}\r\n${writeBody(body)}`),
  };
}

function field(name: string, value: string): string {
  return fold(name, headers.encodeHeaderValue(name, value));
}

function fold(name: string, encoded: string): string {
  return foldLines(`${name}: ${encoded}`, lineLength);
}

/** The address of a mailbox as it stands in a header, in the form that it has in the dialogue with the server. */
function addressIn(mailbox: string): string {
  return /<([^<>]*)>[^<>]*$/.exec(mailbox)?.[1] ?? mailbox;
}

/** The plain text first, so that the richest is shown (RFC 2046, 5.1.4). */
function writeBody({ text, html }: Pick<EmailContent, "text" | "html">): string {
  if (!html) return writePart("plain", text ?? "");
  if (!text) return writePart("html", html);
  const boundary = `=_${randomUUID()}`;
  return [
    "Content-Type: multipart/alternative;",
    ` boundary="${boundary}"`,
    "",
    `--${boundary}`,
    `${writePart("plain", text)}--${boundary}`,
    `${writePart("html", html)}--${boundary}--`,
    "",
  ].join("\r\n");
}

function writePart(kind: "plain" | "html", content: string): string {
  const text = content.replace(/\r\n|\r|\n/g, "\r\n");
  const [encoding, encoded] = encode(text);
  return `Content-Type: text/${kind}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${encoded}\r\n`;
}

function encode(text: string): [encoding: string, encoded: string] {
  if (!beyondAscii.test(text) && !longLine.test(text)) return ["7bit", text];
  if (Buffer.byteLength(text) > text.length * mostlyForeign)
    return ["base64", base64.wrap(base64.encode(text), lineLength)];
  return ["quoted-printable", quotedPrintable.wrap(quotedPrintable.encode(text), lineLength)];
}
