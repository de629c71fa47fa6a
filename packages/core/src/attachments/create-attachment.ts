import type { Database, Transaction } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import { type AttachmentRow, attachmentColumns, pieceBytes } from "./attachment-row";

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
  return await database.$transaction(
    async (transaction) => {
      const [{ isRoom }] = await transaction.$queryRaw<[{ isRoom: boolean }]>`
        SELECT coalesce(sum(octet_length(content)), 0) + ${content.length} <= ${maxStoredBytes}::bigint AS "isRoom"
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
    },
    { timeout: 20_000 },
  );
}

/**
 * Brings bytes to Postgres in pieces, as a large object: a parameter takes ten times its size in the client's memory.
 * @returns its OID; the object is gone unless the transaction is committed
 */
async function putPieces(transaction: Transaction, content: Buffer): Promise<bigint> {
  const [{ object }] = await transaction.$queryRaw<[{ object: bigint }]>`SELECT lo_create(0)::bigint AS object`;
  for (let offset = 0; offset < content.length; offset += pieceBytes) {
    const piece = content.subarray(offset, offset + pieceBytes);
    await transaction.$queryRaw`SELECT lo_put(${object}::oid, ${offset}::bigint, ${piece})::text`;
  }
  return object;
}
