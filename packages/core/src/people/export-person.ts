import { channels } from "@tidings/channels/registry";
import { type Database, Prisma } from "@tidings/db/client";
import { groupBy } from "@tidings/shared/group-by";
import { firstUuidAt, idsBeginningLike } from "@tidings/shared/ids";
import { type Mode, modes } from "@tidings/shared/modes";
import { presentInboxItem } from "../inbox/present-inbox-item";
import { isSentTo } from "../is-sent-to";
import { type NotificationStory, notificationStoryColumns } from "../notifications/notification-row";
import { presentNotificationDetail } from "../notifications/present-notification";
import { type PageRequest, pageOf, presentPage } from "../page";
import { presentRecipient, withDevices } from "../recipients/present-recipient";
import { erasedAddress } from "./erased-address";
import { findPerson, isAbout, type Person } from "./find-person";
import type { PersonName, PublicPersonExport } from "./person-schemas";

const lastId = firstUuidAt(Number.MAX_SAFE_INTEGER);
const firstId = firstUuidAt(0);

/**
 * Everything stored of a person, of both modes: a page of notifications, newest first, with the inbox items of the
 * same time; on the first page also the recipients they are and their suppressions. Reports to endpoints repeat what
 * stands here, and are left out.
 * @param page `after`: UUID of the last notification of the page before
 */
export async function exportPerson(
  database: Database,
  tenantId: string,
  named: PersonName,
  { limit, after }: PageRequest,
): Promise<PublicPersonExport> {
  const person = await findPerson(database, tenantId, named);
  const page = pageOf(await notificationIds(database, tenantId, person, { limit: limit + 1, after }), limit);
  const oldest = page.hasMore ? (page.rows.at(-1) ?? firstId) : firstId;
  const [stories, inbox, first] = await Promise.all([
    loadStories(database, tenantId, page.rows),
    database.inboxItem.findMany({
      where: {
        ...{ tenantId, mode: { in: [...modes] }, recipientId: { in: person.recipientIds } },
        id: { gte: oldest, ...(after !== undefined && { lt: after }) },
      },
      orderBy: { id: "desc" },
    }),
    after === undefined ? recordsOf(database, tenantId, person) : { recipients: [], suppressions: [] },
  ]);
  const { hasMore, nextCursor } = presentPage(
    page,
    (id) => id,
    (id) => id,
  );
  return {
    ...first,
    notifications: stories.map(presentNotificationDetail),
    inbox: inbox.map((item) => ({ ...presentInboxItem(item), mode: item.mode as Mode })),
    hasMore,
    nextCursor,
  };
}

async function notificationIds(
  database: Database,
  tenantId: string,
  person: Person,
  { limit, after = lastId }: PageRequest,
): Promise<string[]> {
  const rows = await database.$queryRaw<{ id: string }[]>`
    (SELECT id FROM notification
      WHERE tenant_id = ${tenantId}::uuid AND recipient_id = ANY(${person.recipientIds}::text[]) AND id < ${after}::uuid
      ORDER BY id DESC LIMIT ${limit})
    UNION
    (SELECT DISTINCT notification_id FROM delivery AS d
      WHERE tenant_id = ${tenantId}::uuid AND ${isSentTo(person.addresses)} AND address <> ${erasedAddress}
        AND ${isAbout(person, Prisma.sql`d.recipient_id`, Prisma.sql`d.address`)} AND notification_id < ${after}::uuid
        AND id < ${idsBeginningLike(after).last}::uuid
      ORDER BY notification_id DESC LIMIT ${limit})
    ORDER BY id DESC LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

/** @param ids newest first, as the stories are */
async function loadStories(database: Database, tenantId: string, ids: readonly string[]): Promise<NotificationStory[]> {
  const [newest, oldest] = [ids[0], ids.at(-1)];
  if (newest === undefined || oldest === undefined) return [];
  const range = { gte: idsBeginningLike(oldest).first, lte: idsBeginningLike(newest).last };
  const [notifications, deliveries] = await Promise.all([
    database.$queryRaw<NotificationStory["notification"][]>`
      SELECT ${notificationStoryColumns}
      FROM notification AS n LEFT JOIN template AS t ON t.tenant_id = n.tenant_id AND t.id = n.template_id
      WHERE n.tenant_id = ${tenantId}::uuid AND n.id = ANY(${ids}::uuid[]) ORDER BY n.id DESC`,
    database.delivery.findMany({
      where: { tenantId, id: range, notificationId: { in: [...ids] } },
      orderBy: { id: "asc" },
    }),
  ]);
  const ofThem = { tenantId, deliveryId: { in: deliveries.map(({ id }) => id) } };
  const [attempts, receipts] = await Promise.all([
    database.attempt.findMany({ where: ofThem, orderBy: [{ deliveryId: "asc" }, { number: "asc" }] }),
    database.receipt.findMany({ where: ofThem, orderBy: [{ at: "asc" }, { id: "asc" }] }),
  ]);
  const attemptsOf = groupBy(attempts, ({ deliveryId }) => deliveryId);
  const receiptsOf = groupBy(receipts, ({ deliveryId }) => deliveryId);
  const deliveriesOf = groupBy(deliveries, ({ notificationId }) => notificationId);
  return notifications.map((notification) => ({
    notification,
    deliveries: (deliveriesOf.get(notification.id) ?? []).map((delivery) => ({
      delivery,
      attempts: attemptsOf.get(delivery.id) ?? [],
      receipts: receiptsOf.get(delivery.id) ?? [],
    })),
  }));
}

async function recordsOf(
  database: Database,
  tenantId: string,
  { recipientIds, addresses }: Person,
): Promise<Pick<PublicPersonExport, "recipients" | "suppressions">> {
  const [recipients, suppressions] = await Promise.all([
    database.recipient.findMany({ where: { tenantId, id: { in: recipientIds } }, include: withDevices }),
    database.suppression.findMany({
      where: { tenantId, channel: { in: [...channels.keys()] }, address: { in: [...addresses, ...recipientIds] } },
      orderBy: { id: "desc" },
    }),
  ]);
  return {
    recipients: recipients.map(presentRecipient),
    suppressions: suppressions.map(({ channel, address, category, reason, detail, createdAt }) => ({
      ...{ channel, address, category: category || null, reason, detail, createdAt: createdAt.toISOString() },
    })),
  };
}
