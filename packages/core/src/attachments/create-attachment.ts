import type { Database, Statements } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import { type AttachmentRow, attachmentColumns } from "./attachment-row";

/** Most bytes that a tenant's uploads hold together. */
const fiveGigabytes = 5 * 1024 ** 3;

export interface NewAttachment {
  filename: string;
  contentType: string;
  /** In pieces that go to Postgres one after the other: each is in memory some more times while it does. */
  content: readonly Uint8Array[];
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
  const sizeBytes = content.reduce((sum, piece) => sum + piece.length, 0);
  return await database.direct.transaction(async (transaction) => {
    const [{ isRoom }] = await transaction.$queryRaw<[{ isRoom: boolean }]>`
      SELECT coalesce(sum(octet_length(content)), 0) + ${sizeBytes}::bigint <= ${maxStoredBytes}::bigint AS "isRoom"
      FROM attachment WHERE tenant_id = ${tenantId}::uuid`;
    if (!isRoom) {
      const message = `The attachments would hold more than ${maxStoredBytes} bytes: delete some first.`;
      throw new Refusal("conflict", message);
    }
    const object = await putPieces(transaction, content);
    const [row] = await transaction.$queryRaw<[AttachmentRow]>`
      INSERT INTO attachment (id, tenant_id, filename, content_type, content)
      VALUES (${newUuid()}::uuid, ${tenantId}::uuid, ${filename}, ${contentType}, lo_get(${object}::oid))
      RETURNING ${attachmentColumns}`;
    await transaction.$queryRaw`SELECT lo_unlink(${object}::oid)`;
    return row;
  });
}

/**
 * Brings bytes to Postgres as a large object.
 * @returns its OID; the object is gone unless the transaction is committed
 */
async function putPieces(transaction: Statements, pieces: readonly Uint8Array[]): Promise<number> {
  const [{ object }] = await transaction.$queryRaw<[{ object: number }]>`SELECT lo_create(0) AS object`;
  let offset = 0;
  for (const piece of pieces) {
    await transaction.$queryRaw`SELECT lo_put(${object}::oid, ${offset}::bigint, ${piece}::bytea)`;
    offset += piece.length;
  }
  return object;
}
