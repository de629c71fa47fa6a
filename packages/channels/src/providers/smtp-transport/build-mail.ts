import MailComposer from "nodemailer/lib/mail-composer";
import type { OutgoingMail, WrittenMail } from "./write-mail";

/** Builds a mail with all it may have by nodemailer's composer. Contents are never read as paths or URLs. */
export async function buildMail({ to, messageId, attachments = [], ...mail }: OutgoingMail): Promise<WrittenMail> {
  const node = new MailComposer({
    ...mail,
    to: { name: "", address: to },
    messageId: `<${messageId}>`,
    attachments: attachments.map((attachment) => ({ ...attachment, encoding: "base64" })),
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const envelope = node.getEnvelope();
  return { envelope: { from: envelope.from || mail.from, to: envelope.to }, message: await node.build() };
}
