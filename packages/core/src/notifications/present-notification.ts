import { publicId } from "@tidings/shared/ids";
import {
  type DeliveryStatus,
  deliveryStatuses,
  type NotificationStatus,
  notificationStatuses,
} from "@tidings/shared/lifecycles";
import type { Mode } from "@tidings/shared/modes";
import { modeSchema } from "@tidings/shared/modes";
import { priorityOf, prioritySchema } from "@tidings/shared/priorities";
import { problemSchema } from "@tidings/shared/problem";
import { z } from "zod";

const id = (example: string) => z.string().meta({ example });
const time = z.iso.datetime();

/** The answer to an accepted notification. */
export const acceptedSchema = z
  .object({
    id: id("ntf_01h455vb4pex5vsknk084sn02q"),
    status: z.enum(["PENDING", "SCHEDULED"]),
    channels: z.array(z.string()),
  })
  .meta({ id: "AcceptedNotification" });

/** The answer to a batch: for each item what it would have been answered alone. */
export const acceptedBatchSchema = z
  .object({
    data: z.array(
      z.union([
        z.object({ index: z.int(), ...acceptedSchema.shape }),
        z.object({ index: z.int(), error: problemSchema }),
      ]),
    ),
  })
  .meta({ id: "AcceptedBatch" });

export const notificationSummarySchema = z
  .object({
    id: id("ntf_01h455vb4pex5vsknk084sn02q"),
    mode: modeSchema,
    status: z.enum(notificationStatuses as [NotificationStatus, ...NotificationStatus[]]),
    reason: z.string().nullable().meta({ description: "Why it ended without a delivery" }),
    priority: prioritySchema,
    category: z.string().nullable(),
    template: z.object({ key: z.string(), version: z.int() }).nullable(),
    recipient: z.record(z.string(), z.string()).meta({ description: "The recipient's id and the raw addresses given" }),
    channels: z.array(z.string()),
    requestId: z.string(),
    idempotencyKey: z.string().nullable(),
    sendAt: time.nullable(),
    createdAt: time,
    settledAt: time.nullable(),
  })
  .meta({ id: "Notification" });
export type PublicNotification = z.infer<typeof notificationSummarySchema>;

const attemptSchema = z
  .object({
    number: z.int(),
    provider: z.string(),
    outcome: z.enum(["sent", "deferred", "rejected", "unknown"]),
    reason: z.string().nullable().meta({ description: "The provider's words" }),
    providerMessageId: z.string().nullable(),
    startedAt: time,
    durationMs: z.int(),
  })
  .meta({ id: "Attempt" });

const deliverySchema = z
  .object({
    id: id("dlv_01h455vb4pex5vsknk084sn02q"),
    channel: z.string(),
    address: z.string(),
    status: z.enum(deliveryStatuses as [DeliveryStatus, ...DeliveryStatus[]]),
    provider: z.string().nullable(),
    providerMessageId: z.string().nullable(),
    reason: z.string().nullable(),
    units: z.int(),
    nextAttemptAt: time.nullable(),
    createdAt: time,
    sentAt: time.nullable(),
    settledAt: time.nullable(),
    attempts: z.array(attemptSchema),
  })
  .meta({ id: "Delivery" });

const timelineEventSchema = z
  .object({ at: time, event: z.string(), deliveryId: z.string().optional(), detail: z.string().optional() })
  .meta({ id: "TimelineEvent" });

export const notificationDetailSchema = notificationSummarySchema
  .extend({
    data: z.record(z.string(), z.unknown()).nullable(),
    content: z.record(z.string(), z.unknown()).nullable(),
    locale: z.string().nullable(),
    deliveries: z.array(deliverySchema),
    timeline: z.array(timelineEventSchema),
  })
  .meta({ id: "NotificationDetail" });

/** A notification's row, with the key of its template. */
export interface NotificationRow {
  id: string;
  mode: Mode;
  status: NotificationStatus;
  reason: string | null;
  priority: number;
  category: string | null;
  templateKey: string | null;
  templateVersion: number | null;
  recipientId: string | null;
  addresses: Record<string, string>;
  channels: string[];
  requestId: string;
  idempotencyKey: string | null;
  sendAt: Date | null;
  createdAt: Date;
  processingAt: Date | null;
  settledAt: Date | null;
}

/** A notification as its tenant sees it. */
export function presentNotification(row: NotificationRow): PublicNotification {
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
    sendAt: row.sendAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    settledAt: row.settledAt?.toISOString() ?? null,
  };
}
