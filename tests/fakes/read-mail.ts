import PostalMime, { type Email } from "postal-mime";

/** Takes a raw mail apart: decoded headers, text, HTML, attachments. */
export function readMail(raw: Buffer): Promise<Email> {
  return PostalMime.parse(raw, { attachmentEncoding: "arraybuffer" });
}
