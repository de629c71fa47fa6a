import type { Database } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import { type AttachmentRow, attachmentColumns } from "./attachment-row";

/**
 * What is known of a tenant's upload.
 * @param id UUID of its row
 * @throws {Refusal} `not_found`
 */
export async function getAttachment(database: Database, tenantId: string, id: string): Promise<AttachmentRow> {
  const [row] = await database.$queryRaw<AttachmentRow[]>`
    SELECT ${attachmentColumns} FROM attachment WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid`;
  if (!row) throw noAttachment();
  return row;
}

/** The refusal for an id that no upload of the tenant has. */
export function noAttachment(): Refusal {
  return new Refusal("not_found", "There is no such attachment.");
}
