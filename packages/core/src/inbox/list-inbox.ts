import { type Database, Prisma } from "@tidings/db/client";
import { type Page, type PageRequest, pageOf } from "../page";
import type { InboxOwner } from "./inbox-owner";
import type { InboxItemRow } from "./present-inbox-item";

/** Unread items are counted so far and no further: a badge says 1000+ beyond. */
export const maxUnreadCount = 1_000;

/**
 * A page of an inbox, with the number of its unread items, at most `maxUnreadCount`. Newest first by when items came: an
 * id is as old as its notification, which may have waited for its `sendAt`.
 */
export async function listInbox(
  database: Database,
  { tenantId, mode, recipientId }: InboxOwner,
  { unread }: { unread: boolean },
  { limit, after }: PageRequest,
): Promise<Page<InboxItemRow> & { unreadCount: number }> {
  const inbox = Prisma.sql`tenant_id = ${tenantId}::uuid AND mode = ${mode} AND recipient_id = ${recipientId}`;
  const shown = [inbox];
  if (unread) shown.push(Prisma.sql`read_at IS NULL`);
  if (after !== undefined) {
    shown.push(Prisma.sql`
      (created_at, id) < (SELECT created_at, id FROM inbox_item WHERE ${inbox} AND id = ${after}::uuid)`);
  }
  const [rows, [{ unreadCount }]] = await Promise.all([
    database.$queryRaw<InboxItemRow[]>`
      SELECT id, title, body, action_url AS "actionUrl", data, created_at AS "createdAt", read_at AS "readAt"
      FROM inbox_item WHERE ${Prisma.join(shown, " AND ")}
      ORDER BY created_at DESC, id DESC LIMIT ${limit + 1}`,
    database.$queryRaw<[{ unreadCount: number }]>`
      SELECT count(*)::int AS "unreadCount" FROM (
        SELECT FROM inbox_item WHERE ${inbox} AND read_at IS NULL LIMIT ${maxUnreadCount}
      ) AS counted`,
  ]);
  return { ...pageOf(rows, limit), unreadCount };
}
