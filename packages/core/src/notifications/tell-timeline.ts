import { publicId } from "@tidings/shared/ids";
import type { NotificationStory } from "./notification-row";
import type { PublicTimelineEvent } from "./notification-schemas";

/** Where receipts move a delivery: told as that, and not a second time. */
const movedTo: Readonly<Record<string, string>> = {
  delivered: "DELIVERED",
  bounced_hard: "BOUNCED",
  bounced_soft: "BOUNCED",
};

/** A tenant's account has an id of its own, the platform's the name its operator gave it. */
export function presentAccount(account: string): string {
  return /^[0-9a-f-]{36}$/.test(account) ? publicId("account", account) : account;
}

/** What happened to a notification, in order, as a person would tell it. */
export function tellTimeline({ notification, deliveries, accountNames }: NotificationStory): PublicTimelineEvent[] {
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
  for (const { delivery, attempts, receipts } of deliveries) {
    const deliveryId = publicId("delivery", delivery.id);
    const about = { deliveryId, detail: `${delivery.channel} to ${delivery.address}` };
    events.push({ at: delivery.createdAt, event: "delivery.queued", ...about });
    const isByOne = new Set(attempts.map(({ account }) => account)).size < 2;
    for (const { number, provider, account, choice, outcome, reason, startedAt, durationMs } of attempts) {
      const name = account && (accountNames?.get(account) ?? presentAccount(account));
      const by = isByOne || !name ? provider : `${provider}, “${name}” (${choice})`;
      const words = [`attempt ${number}`, by, reason].filter(Boolean).join(": ");
      events.push({
        at: new Date(startedAt.getTime() + durationMs),
        event: `attempt.${outcome}`,
        deliveryId,
        detail: words,
      });
    }
    const hasMovedOn = delivery.status === "DELIVERED" || delivery.status === "BOUNCED";
    if (hasMovedOn && delivery.sentAt) events.push({ at: delivery.sentAt, event: "delivery.sent", deliveryId });
    for (const { kind, at, url, reason } of receipts) {
      if (movedTo[kind] === delivery.status) continue;
      events.push({ at, event: `delivery.${kind}`, deliveryId, detail: url ?? reason ?? undefined });
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
