import type { ReportEventType } from "@tidings/shared/report-events";
import type { ReportEvent } from "../reports/write-reports";
import { type PlannedNotification, settledAtOnce } from "./insert-deliveries";

/** Everything that routing may have to tell. */
export const routingEventTypes = [
  "notification.processing",
  "notification.skipped",
  "notification.failed",
  "delivery.queued",
  "delivery.skipped",
] as const satisfies readonly ReportEventType[];
type RoutingEventType = (typeof routingEventTypes)[number];

/** What routing has to tell of a notification, in the order it happened. */
export function routingEvents(one: PlannedNotification): ReportEvent[] {
  const { id, tenantId, mode, category, recipientId, channels, requestId } = one.notification;
  const event = (type: RoutingEventType, facts: ReportEvent["facts"], channel: string | null): ReportEvent => ({
    ...{ tenantId, mode, type, notificationId: id, channel, category },
    facts,
  });
  const about = { id, category, recipientId, channels, requestId };
  const events = [event("notification.processing", { ...about, status: "PROCESSING", reason: null }, null)];
  for (const { id: deliveryId, channel, address, skipped } of one.plan.deliveries) {
    const [type, status] = skipped === undefined ? (["queued", "QUEUED"] as const) : (["skipped", "SKIPPED"] as const);
    const facts = { id: deliveryId, notificationId: id, channel, address, recipientId, category, status, attempt: 0 };
    events.push(event(`delivery.${type}`, { ...facts, reason: skipped ?? null }, channel));
  }
  const settled = settledAtOnce(one);
  if (!settled) return events;
  const { status, reason } = settled;
  const type = status === "SKIPPED" ? "notification.skipped" : "notification.failed";
  return [...events, event(type, { ...about, status, reason }, null)];
}
