import { Prisma } from "@tidings/db/client";
import { attachmentDays } from "./attachment-schemas";

/** An upload without its bytes. */
export interface AttachmentRow {
  id: string;
  filename: string;
  contentType: string;
  sizeBytes: number;
  createdAt: Date;
}

/** Bytes of an upload that come from Postgres at once: as text they are there some more times. */
export const pieceBytes = 256 * 1024;

/** What of the table is an {@link AttachmentRow}. The size is read without reading the bytes. */
export const attachmentColumns = Prisma.sql`
  id, filename, content_type AS "contentType", octet_length(content) AS "sizeBytes", created_at AS "createdAt"`;

/** Until when an upload can be sent. */
export function expiryOf({ createdAt }: Pick<AttachmentRow, "createdAt">): Date {
  return new Date(createdAt.getTime() + attachmentDays * 24 * 60 * 60 * 1_000);
}
