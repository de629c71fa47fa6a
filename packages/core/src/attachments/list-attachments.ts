import type { Database } from "@tidings/db/client";
import { lastUuidAt } from "@tidings/shared/ids";
import { type Page, type PageRequest, pageOf } from "../page";
import { type AttachmentRow, attachmentColumns } from "./attachment-row";

/**
 * A page of a tenant's uploads, newest first.
 * @param page `after`: UUID of the last one of the page before
 */
export async function listAttachments(
  database: Database,
  tenantId: string,
  { limit, after = lastUuidAt(Number.POSITIVE_INFINITY) }: PageRequest,
): Promise<Page<AttachmentRow>> {
  const rows = await database.$queryRaw<AttachmentRow[]>`
    SELECT ${attachmentColumns} FROM attachment
    WHERE tenant_id = ${tenantId}::uuid AND id < ${after}::uuid ORDER BY id DESC LIMIT ${limit + 1}`;
  return pageOf(rows, limit);
}
