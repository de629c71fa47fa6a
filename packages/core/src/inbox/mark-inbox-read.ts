import type { Database } from "@tidings/db/client";
import type { InboxOwner } from "./inbox-owner";

/**
 * Marks everything in an inbox as read.
 * @returns how many items were unread
 */
export async function markInboxRead(database: Database, { tenantId, mode, recipientId }: InboxOwner): Promise<number> {
  return await database.$executeRaw`
    UPDATE inbox_item SET read_at = clock_timestamp()
    WHERE tenant_id = ${tenantId}::uuid AND mode = ${mode} AND recipient_id = ${recipientId} AND read_at IS NULL`;
}
