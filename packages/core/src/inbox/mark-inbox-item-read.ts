import type { Database, Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import type { InboxOwner } from "./inbox-owner";

/**
 * Marks one item as read. Marking it again keeps the first time.
 * @param itemId UUID of its row
 * @throws {Refusal} `not_found` when the inbox has no such item
 */
export async function markInboxItemRead(
  database: Database,
  owner: InboxOwner,
  itemId: string,
): Promise<Prisma.InboxItemModel> {
  const { tenantId, mode, recipientId } = owner;
  await database.$executeRaw`
    UPDATE inbox_item SET read_at = clock_timestamp()
    WHERE tenant_id = ${tenantId}::uuid AND mode = ${mode} AND recipient_id = ${recipientId} AND id = ${itemId}::uuid
      AND read_at IS NULL`;
  const row = await database.inboxItem.findFirst({ where: { tenantId, mode, recipientId, id: itemId } });
  if (!row) throw new Refusal("not_found", "There is no such item in this inbox.");
  return row;
}
