import type { Database } from "@tidings/db/client";
import { idsBeginningLike } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import type { Owner } from "../owner";
import { type NotificationStory, notificationStoryColumns } from "./notification-row";

/** Most deliveries and attempts of one story: somebody may have a hundred devices. */
const maxDeliveries = 200;
const maxAttempts = 1_000;
/** Most receipts of one story, the earliest: somebody may open a mail a thousand times. */
const maxReceipts = 200;

/**
 * The whole story of a notification: its deliveries, every attempt and receipt, and the timeline.
 * @throws {Refusal} `not_found` when the tenant has none with that id in that mode
 */
export async function getNotification(
  database: Database,
  { tenantId, mode }: Owner,
  id: string,
): Promise<NotificationStory> {
  const [notification] = await database.$queryRaw<NotificationStory["notification"][]>`
    SELECT ${notificationStoryColumns}
    FROM notification AS n LEFT JOIN template AS t ON t.tenant_id = n.tenant_id AND t.id = n.template_id
    WHERE n.id = ${id}::uuid AND n.tenant_id = ${tenantId}::uuid AND n.mode = ${mode}`;
  if (!notification) throw new Refusal("not_found", `There is no ${mode} notification with this id.`);
  const { first, last } = idsBeginningLike(id);
  const [deliveries, attempts] = await Promise.all([
    database.delivery.findMany({
      where: { tenantId, notificationId: id, id: { gte: first, lte: last } },
      orderBy: { id: "asc" },
      take: maxDeliveries,
    }),
    database.attempt.findMany({
      where: { tenantId, deliveryId: { gte: first, lte: last } },
      orderBy: [{ deliveryId: "asc" }, { number: "asc" }],
      take: maxAttempts,
    }),
  ]);
  const receipts = await database.receipt.findMany({
    where: { tenantId, deliveryId: { in: deliveries.map((delivery) => delivery.id) }, appliedAt: { not: null } },
    orderBy: [{ at: "asc" }, { id: "asc" }],
    take: maxReceipts,
  });
  return {
    notification,
    accountNames: await loadAccountNames(database, tenantId, attempts),
    deliveries: deliveries.map((delivery) => ({
      delivery,
      attempts: attempts.filter((attempt) => attempt.deliveryId === delivery.id),
      receipts: receipts.filter((receipt) => receipt.deliveryId === delivery.id),
    })),
  };
}

async function loadAccountNames(
  database: Database,
  tenantId: string,
  attempts: readonly { account: string | null }[],
): Promise<Map<string, string>> {
  const tried = new Set(attempts.map(({ account }) => account));
  const ids = [...tried].filter((account) => account !== null && /^[0-9a-f-]{36}$/.test(account)) as string[];
  if (ids.length === 0) return new Map();
  const accounts = await database.providerAccount.findMany({
    where: { tenantId, id: { in: ids } },
    select: { id: true, name: true },
  });
  return new Map(accounts.map(({ id, name }) => [id, name]));
}
