/** Where a notification may go next. An empty list is final. */
export const notificationMoves = {
  SCHEDULED: ["PENDING", "CANCELED"],
  PENDING: ["PROCESSING", "CANCELED"],
  PROCESSING: ["SENT", "PARTIAL", "FAILED", "SKIPPED"],
  SENT: ["PARTIAL", "FAILED"], // a late bounce
  PARTIAL: ["FAILED"],
  FAILED: [],
  SKIPPED: [],
  CANCELED: [],
} as const satisfies Record<string, readonly string[]>;
export type NotificationStatus = keyof typeof notificationMoves;
export const notificationStatuses = Object.keys(notificationMoves) as NotificationStatus[];

/** Where a delivery may go next. Receipts can overtake our own `SENT`. An empty list is final. */
export const deliveryMoves = {
  QUEUED: ["SENDING", "SKIPPED"],
  SENDING: ["SENT", "QUEUED", "SKIPPED", "FAILED", "UNKNOWN", "DELIVERED", "BOUNCED"], // suppressed since it was queued
  SENT: ["DELIVERED", "BOUNCED"],
  UNKNOWN: ["SENT", "DELIVERED", "BOUNCED", "FAILED"],
  DELIVERED: [],
  BOUNCED: [],
  FAILED: [],
  SKIPPED: [],
} as const satisfies Record<string, readonly string[]>;
export type DeliveryStatus = keyof typeof deliveryMoves;
export const deliveryStatuses = Object.keys(deliveryMoves) as DeliveryStatus[];

/** A delivery in one of these is still Tidings' to bring forward; in any other it is settled. */
const openDeliveryStatuses = ["QUEUED", "SENDING"] as const satisfies DeliveryStatus[];

/**
 * What a notification's deliveries make of it.
 * @returns `PROCESSING` while one is open; else `SKIPPED` when all were skipped, `SENT` when none failed, `FAILED` when
 * none got through, `PARTIAL` otherwise. Skipped deliveries do not count beside others; `UNKNOWN` counts as sent,
 * because the provider may have taken it.
 */
export function rollUp(deliveries: readonly DeliveryStatus[]): NotificationStatus {
  if (deliveries.some((status) => (openDeliveryStatuses as DeliveryStatus[]).includes(status))) return "PROCESSING";
  const tried = deliveries.filter((status) => status !== "SKIPPED");
  if (tried.length === 0) return "SKIPPED";
  const failed = tried.filter((status) => status === "FAILED" || status === "BOUNCED").length;
  if (failed === 0) return "SENT";
  return failed === tried.length ? "FAILED" : "PARTIAL";
}
