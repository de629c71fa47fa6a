import type { Database, Prisma } from "@tidings/db/client";
import { idsBeginningLike, publicId } from "@tidings/shared/ids";
import type { DeliveryStatus } from "@tidings/shared/lifecycles";
import { Refusal } from "@tidings/shared/refusals";
import type { Viewer } from "./list-notifications";
import { notificationColumns } from "./notification-columns";
import { type NotificationRow, presentNotification } from "./present-notification";
import { tellTimeline } from "./tell-timeline";

type DetailRow = NotificationRow & {
  data: Record<string, unknown> | null;
  content: Record<string, unknown> | null;
  locale: string | null;
};

/**
 * The whole story of a notification: its deliveries, every attempt, and the timeline.
 * @throws {Refusal} `not_found` when the tenant has none with that id in that mode
 */
export async function getNotification(database: Database, { tenantId, mode }: Viewer, id: string) {
  const [row] = await database.$queryRaw<DetailRow[]>`
    SELECT ${notificationColumns}, n.data, n.content, n.locale
    FROM notification AS n LEFT JOIN template AS t ON t.tenant_id = n.tenant_id AND t.id = n.template_id
    WHERE n.id = ${id}::uuid AND n.tenant_id = ${tenantId}::uuid AND n.mode = ${mode}`;
  if (!row) throw new Refusal("not_found", `There is no ${mode} notification with this id.`);
  const { first, last } = idsBeginningLike(id);
  const [deliveries, attempts] = await Promise.all([
    database.delivery.findMany({
      where: { tenantId, notificationId: id, id: { gte: first, lte: last } },
      orderBy: { id: "asc" },
    }),
    database.attempt.findMany({
      where: { tenantId, deliveryId: { gte: first, lte: last } },
      orderBy: [{ deliveryId: "asc" }, { number: "asc" }],
    }),
  ]);
  const stories = deliveries.map((delivery) => ({
    delivery,
    attempts: attempts.filter((attempt) => attempt.deliveryId === delivery.id),
  }));
  return {
    ...presentNotification(row),
    data: row.data,
    content: row.content,
    locale: row.locale,
    deliveries: stories.map(({ delivery, attempts }) => presentDelivery(delivery, attempts)),
    timeline: tellTimeline(row, stories),
  };
}

function presentDelivery(row: Prisma.DeliveryModel, attempts: readonly Prisma.AttemptModel[]) {
  return {
    id: publicId("delivery", row.id),
    channel: row.channel,
    address: row.address,
    status: row.status as DeliveryStatus,
    provider: row.provider,
    providerMessageId: row.providerMessageId,
    reason: row.reason,
    units: row.units,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
    settledAt: row.settledAt?.toISOString() ?? null,
    attempts: attempts.map(({ number, provider, outcome, reason, providerMessageId, startedAt, durationMs }) => ({
      number,
      provider,
      outcome,
      reason,
      providerMessageId,
      startedAt: startedAt.toISOString(),
      durationMs,
    })),
  };
}
