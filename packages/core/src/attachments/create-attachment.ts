import type { Database } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import { type AttachmentRow, attachmentColumns } from "./attachment-row";

/** Most bytes that a tenant's uploads hold together. */
const fiveGigabytes = 5 * 1024 ** 3;

export interface NewAttachment {
  filename: string;
  contentType: string;
  content: Buffer;
}

/**
 * Stores a file to be sent along with emails, of either mode.
 * @param maxStoredBytes of all the tenant's uploads; those that come at once may pass it by their own size
 * @throws {Refusal} `conflict` when the tenant's uploads would hold more
 */
export async function createAttachment(
  database: Database,
  tenantId: string,
  { filename, contentType, content }: NewAttachment,
  maxStoredBytes = fiveGigabytes,
): Promise<AttachmentRow> {
  const [row] = await database.$queryRaw<AttachmentRow[]>`
    INSERT INTO attachment (id, tenant_id, filename, content_type, content)
    SELECT ${newUuid()}::uuid, ${tenantId}::uuid, ${filename}, ${contentType}, ${content}
    WHERE (SELECT coalesce(sum(octet_length(content)), 0) FROM attachment WHERE tenant_id = ${tenantId}::uuid)
      + ${content.length} <= ${maxStoredBytes}::bigint
    RETURNING ${attachmentColumns}`;
  if (!row)
    throw new Refusal("conflict", `The attachments would hold more than ${maxStoredBytes} bytes: delete some first.`);
  return row;
}
