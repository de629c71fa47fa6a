import { Readable } from "node:stream";
import MailComposer from "nodemailer/lib/mail-composer";
import type { OutgoingMail, WrittenMail } from "./write-mail";

/**
 * Builds a mail with all it may have by nodemailer's composer, as it is read: at once it would be there several times
 * over. Contents are never read as paths or URLs.
 */
export function buildMail({ to, messageId, attachments = [], ...mail }: OutgoingMail): WrittenMail<Readable> {
  const node = new MailComposer({
    ...mail,
    to: { name: "", address: to },
    messageId: `<${messageId}>`,
    attachments: attachments.map(({ content, ...attachment }) => ({ ...attachment, content: bytesOf(content) })),
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const envelope = node.getEnvelope();
  return { envelope: { from: envelope.from || mail.from, to: envelope.to }, message: node.createReadStream() };
}

/** Characters of base64 that are decoded at once; a multiple of four. */
const pieceLength = 64 * 1024;

/** The bytes that base64 stands for, in pieces: each step of the composer holds a copy of what it is given at once. */
function bytesOf(base64: string): Readable {
  const pieces = function* () {
    for (let from = 0; from < base64.length; from += pieceLength) {
      yield Buffer.from(base64.slice(from, from + pieceLength), "base64");
    }
  };
  return Readable.from(pieces(), { objectMode: false });
}
