import type { Prisma } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import type { NotificationRow } from "./present-notification";

export interface TimelineEvent {
  at: string;
  event: string;
  deliveryId?: string;
  detail?: string;
}

export interface DeliveryStory {
  delivery: Prisma.DeliveryModel;
  attempts: readonly Prisma.AttemptModel[];
}

/** What happened to a notification, in order, as a person would tell it. */
export function tellTimeline(notification: NotificationRow, stories: readonly DeliveryStory[]): TimelineEvent[] {
  const events: { at: Date; event: string; deliveryId?: string; detail?: string | undefined }[] = [
    { at: notification.createdAt, event: "notification.accepted" },
  ];
  if (notification.sendAt) {
    events.push({
      at: notification.createdAt,
      event: "notification.scheduled",
      detail: notification.sendAt.toISOString(),
    });
  }
  if (notification.processingAt) events.push({ at: notification.processingAt, event: "notification.processing" });
  for (const { delivery, attempts } of stories) {
    const deliveryId = publicId("delivery", delivery.id);
    const about = { deliveryId, detail: `${delivery.channel} to ${delivery.address}` };
    events.push({ at: delivery.createdAt, event: "delivery.queued", ...about });
    for (const { number, provider, outcome, reason, startedAt, durationMs } of attempts) {
      const words = [`attempt ${number}`, provider, reason].filter(Boolean).join(": ");
      events.push({
        at: new Date(startedAt.getTime() + durationMs),
        event: `attempt.${outcome}`,
        deliveryId,
        detail: words,
      });
    }
    if (delivery.settledAt) {
      const event = `delivery.${delivery.status.toLowerCase()}`;
      events.push({ at: delivery.settledAt, event, deliveryId, detail: delivery.reason ?? undefined });
    }
  }
  if (notification.settledAt) {
    const event = `notification.${notification.status.toLowerCase()}`;
    events.push({ at: notification.settledAt, event, detail: notification.reason ?? undefined });
  }
  return events
    .sort((one, other) => one.at.getTime() - other.at.getTime()) // stable: what shares a millisecond keeps its order
    .map(({ at, detail, ...event }) => ({ at: at.toISOString(), ...event, ...(detail !== undefined && { detail }) }));
}
