import type { ReceiptKind } from "@tidings/channels/receipt";
import { publicId } from "@tidings/shared/ids";
import type { DeliveryStatus } from "@tidings/shared/lifecycles";
import { priorityOf } from "@tidings/shared/priorities";
import type { Bounce } from "@tidings/shared/report-events";
import { cursorOf } from "../page";
import type { NotificationPage } from "./list-notifications";
import type { DeliveryStory, ListedNotification, NotificationRow, NotificationStory } from "./notification-row";
import type {
  PublicDelivery,
  PublicListedNotification,
  PublicNotification,
  PublicNotificationDetail,
  PublicNotificationPage,
} from "./notification-schemas";
import { presentAccount, tellTimeline } from "./tell-timeline";

/** A notification as its tenant sees it. */
function presentNotification(row: NotificationRow): PublicNotification {
  const { templateKey, templateVersion } = row;
  return {
    id: publicId("notification", row.id),
    mode: row.mode,
    status: row.status,
    reason: row.reason,
    priority: priorityOf(row.priority),
    category: row.category,
    template: templateKey !== null && templateVersion !== null ? { key: templateKey, version: templateVersion } : null,
    recipient: { ...(row.recipientId !== null && { id: row.recipientId }), ...row.addresses },
    channels: row.channels,
    requestId: row.requestId,
    idempotencyKey: row.idempotencyKey,
    resendOf: row.resendOf && publicId("notification", row.resendOf),
    sendAt: row.sendAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    settledAt: row.settledAt?.toISOString() ?? null,
  };
}

/** A page of notifications as their tenant sees it. */
export function presentNotificationPage({
  rows,
  hasMore,
  after,
  searchedTo,
}: NotificationPage): PublicNotificationPage {
  const nextCursor = after === null ? null : cursorOf(after);
  return { data: rows.map(presentNotification), hasMore, nextCursor, searchedTo: searchedTo?.toISOString() ?? null };
}

/** A notification as the console lists it. */
export function presentListed(row: ListedNotification): PublicListedNotification {
  const { subject, address, deliveryCount, failure } = row;
  return { ...presentNotification(row), subject, address, deliveryCount, failure };
}

/** The whole story of a notification as its tenant sees it. */
export function presentNotificationDetail(story: NotificationStory): PublicNotificationDetail {
  const { data, content, locale, resends } = story.notification;
  return {
    ...presentNotification(story.notification),
    data,
    content,
    locale,
    resends: resends.map((id) => publicId("notification", id)),
    deliveries: story.deliveries.map(presentDelivery),
    timeline: tellTimeline(story),
  };
}

function presentDelivery({ delivery: row, attempts, receipts }: DeliveryStory): PublicDelivery {
  return {
    id: publicId("delivery", row.id),
    channel: row.channel,
    address: row.address,
    status: row.status as DeliveryStatus,
    provider: row.provider,
    providerMessageId: row.providerMessageId,
    reason: row.reason,
    bounce: row.bounce === null ? null : { kind: row.bounce as Bounce["kind"], reason: row.reason },
    units: row.units,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
    deliveredAt: row.status === "DELIVERED" ? (row.settledAt?.toISOString() ?? null) : null,
    settledAt: row.settledAt?.toISOString() ?? null,
    attempts: attempts.map(({ outcome, account, startedAt, ...attempt }) => ({
      number: attempt.number,
      provider: attempt.provider,
      account: account === null ? null : presentAccount(account),
      choice: attempt.choice,
      outcome: outcome as PublicDelivery["attempts"][number]["outcome"],
      reason: attempt.reason,
      providerMessageId: attempt.providerMessageId,
      startedAt: startedAt.toISOString(),
      durationMs: attempt.durationMs,
    })),
    receipts: receipts.map(({ kind, at, reason, url }) => ({
      kind: kind as ReceiptKind,
      at: at.toISOString(),
      reason,
      url,
    })),
  };
}
