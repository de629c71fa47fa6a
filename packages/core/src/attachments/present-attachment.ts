import { publicId } from "@tidings/shared/ids";
import { type AttachmentRow, expiryOf } from "./attachment-row";
import type { PublicAttachment } from "./attachment-schemas";

/** An upload as its tenant sees it. */
export function presentAttachment(row: AttachmentRow): PublicAttachment {
  return {
    id: publicId("attachment", row.id),
    filename: row.filename,
    contentType: row.contentType,
    sizeBytes: row.sizeBytes,
    createdAt: row.createdAt.toISOString(),
    expiresAt: expiryOf(row).toISOString(),
  };
}
