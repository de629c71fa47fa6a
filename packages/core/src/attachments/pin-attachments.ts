import type { Attachment, UploadedAttachment } from "@tidings/channels/channels/email";
import { uuidOf } from "@tidings/shared/ids";
import { type Fault, Refusal } from "@tidings/shared/refusals";
import type { AttachmentBook } from "./attachment-book";
import { type AttachmentRow, expiryOf } from "./attachment-row";
import { maxAttachmentBytes } from "./attachment-schemas";
import type { PinnedAttachment } from "./attachments-of";

/**
 * Looks up the uploads that an email names, and pins what is known of them.
 * @param email where its content stands in the request, and when it will be sent (null: at once)
 * @throws {Refusal} `invalid_body` for uploads that are not there, or won't be any more, and for more than 10 MB in all
 */
export async function pinAttachments(
  book: Pick<AttachmentBook, "find">,
  tenantId: string,
  given: readonly (Attachment | UploadedAttachment)[],
  email: { pointer: string; sendAt: Date | null },
): Promise<(Attachment | PinnedAttachment)[]> {
  const faults: Fault[] = [];
  const pin = async (one: Attachment | UploadedAttachment, index: number) => {
    if (!("id" in one)) return one;
    const row = await book.find({ tenantId, id: uuidOf("attachment", one.id) as string });
    const message = whyNot(row, email.sendAt);
    if (message) faults.push({ pointer: `${email.pointer}/attachments/${index}/id`, message });
    const { filename = "", contentType = "", sizeBytes = 0 } = row ?? {};
    return { id: one.id, filename: one.filename ?? filename, contentType, sizeBytes };
  };
  const pinned = await Promise.all(given.map(pin));
  const totalBytes = pinned.reduce((sum, one) => sum + sizeOf(one), 0);
  if (totalBytes > maxAttachmentBytes) {
    const message = `must have at most ${maxAttachmentBytes} bytes in all, and these have ${totalBytes}`;
    faults.push({ pointer: `${email.pointer}/attachments`, message });
  }
  if (faults.length > 0) throw new Refusal("invalid_body", "The email's attachments can't be sent.", { faults });
  return pinned;
}

/** Why an upload can't go along with what is sent then; null when it can. */
function whyNot(row: AttachmentRow | null, sendAt: Date | null): string | null {
  if (!row) return "there is no such attachment";
  const expiry = expiryOf(row);
  return sendAt && sendAt > expiry ? `can be sent until ${expiry.toISOString()}, which is before sendAt` : null;
}

function sizeOf(one: Attachment | PinnedAttachment): number {
  return "id" in one ? one.sizeBytes : Buffer.byteLength(one.content, "base64");
}
