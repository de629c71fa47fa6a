import { type Database, Prisma } from "@tidings/db/client";
import type { Owner } from "../owner";
import type { Page, PageRequest } from "../page";
import { type FoundNotifications, findNotifications } from "./find-notifications";
import { type ListedNotification, notificationColumns } from "./notification-row";
import type { NotificationFilters } from "./notification-schemas";

/** A page of notifications; when time was up before it was full, it says how far it came and where to go on. */
export type NotificationPage = Page<ListedNotification> & Pick<FoundNotifications, "after" | "searchedTo">;

/**
 * A page of a tenant's notifications, newest first. Keyset over the ids, which are in order of time.
 * @param budgetMs how long it is looked for at most; 60 unless given
 */
export async function listNotifications(
  database: Database,
  owner: Owner,
  filters: NotificationFilters,
  page: PageRequest,
  budgetMs?: number,
): Promise<NotificationPage> {
  const { ids, ...rest } = await findNotifications(database, owner, filters, page, budgetMs);
  return { rows: await loadListed(database, owner.tenantId, ids), ...rest };
}

const failed = Prisma.sql`d.status IN ('FAILED', 'BOUNCED', 'SKIPPED', 'UNKNOWN') AND d.reason IS NOT NULL`;

/** Notifications as lists show them, newest first; those that are gone are left out. */
export async function loadListed(
  database: Database,
  tenantId: string,
  ids: readonly string[],
): Promise<ListedNotification[]> {
  if (ids.length === 0) return [];
  return await database.$queryRaw<ListedNotification[]>`
    SELECT ${notificationColumns},
      left(coalesce(n.content #>> '{email,subject}', n.content #>> '{push,title}', n.content #>> '{in_app,title}',
        n.content #>> '{sms,text}', n.content #>> '{whatsapp,text}', n.content #>> '{chat,text}'), 200) AS subject,
      coalesce(d.address, (SELECT value FROM jsonb_each_text(n.addresses) LIMIT 1)) AS address,
      d.count AS "deliveryCount", coalesce(d.reason, n.reason) AS failure
    FROM notification AS n LEFT JOIN template AS t ON t.tenant_id = n.tenant_id AND t.id = n.template_id
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS count, (array_agg(d.address ORDER BY d.id))[1] AS address,
        (array_agg(d.reason ORDER BY d.id) FILTER (WHERE ${failed}))[1] AS reason
      FROM (
        SELECT id, address, reason, status FROM delivery
        WHERE id BETWEEN (left(n.id::text, 28) || '00000000')::uuid AND (left(n.id::text, 28) || 'ffffffff')::uuid
          AND tenant_id = n.tenant_id AND notification_id = n.id
        OFFSET 0 -- a range of the primary key for each, never a join over the table
      ) AS d
    ) AS d
    WHERE n.tenant_id = ${tenantId}::uuid AND n.id = ANY(${ids}::uuid[])
    ORDER BY n.id DESC`;
}
