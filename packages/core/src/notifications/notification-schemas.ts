import { receiptKinds } from "@tidings/channels/receipt";
import {
  type DeliveryStatus,
  deliveryStatuses,
  type NotificationStatus,
  notificationStatuses,
} from "@tidings/shared/lifecycles";
import { modeSchema } from "@tidings/shared/modes";
import { priorities } from "@tidings/shared/priorities";
import { problemSchema } from "@tidings/shared/problem";
import { bounceSchema } from "@tidings/shared/report-events";
import { z } from "zod";
import { pageQuery } from "../page";
import { categorySchema, channelSchema, recipientIdSchema, templateKeySchema } from "./notification-request";
import type { ListedNotification } from "./notification-row";

const storableText = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .regex(/^\P{Cc}*$/u);
const moment = z.iso.datetime({ offset: true, message: "must be an RFC 3339 time such as 2030-01-31T09:00:00Z" });

/** Several of some words in one query parameter, separated by commas. */
function severalOf<Word extends string>(words: readonly Word[], description: string) {
  return z
    .string()
    .transform((text, context) => {
      const given = text.split(",");
      if (given.every((word): word is Word => words.includes(word as Word))) return given;
      context.addIssue({ code: "custom", message: `must be any of ${words.join(", ")}, separated by commas` });
      return z.NEVER;
    })
    .meta({ type: "string", description: `${description}: any of ${words.join(", ")}, separated by commas` });
}

/** The query of `GET /v1/notifications`. */
export const notificationFilters = pageQuery.extend({
  q: storableText(1024).optional().meta({
    description:
      "Finds notifications by one of the exact names they are known by: the id of a notification or a delivery, a recipient, an address, a request id, an Idempotency-Key, a provider's message id",
  }),
  status: severalOf(notificationStatuses, "What became of it").optional(),
  channel: channelSchema.optional(),
  priority: severalOf(priorities, "How urgent it is").optional(),
  recipient: recipientIdSchema.optional(),
  address: storableText(4096)
    .optional()
    .meta({ description: "An email address, phone number, token or URL it went to" }),
  template: templateKeySchema.optional(),
  category: categorySchema.optional(),
  requestId: storableText(128).optional(),
  idempotencyKey: storableText(255).optional(),
  since: moment.optional().meta({ description: "Accepted at or after" }),
  until: moment.optional().meta({ description: "Accepted before" }),
});
/** What a list of notifications is narrowed down to. */
export type NotificationFilters = Omit<z.output<typeof notificationFilters>, "limit" | "cursor">;

const id = (example: string) => z.string().meta({ example });
const time = z.iso.datetime();

/** The answer to an accepted notification. */
export const publicAcceptedNotification = z
  .object({
    id: id("ntf_01h455vb4pex5vsknk084sn02q"),
    status: z.enum(["PENDING", "SCHEDULED"]),
    channels: z.array(z.string()),
  })
  .meta({ id: "AcceptedNotification" });

/** The answer to a batch: for each item what it would have been answered alone. */
export const publicAcceptedBatch = z
  .object({
    data: z.array(
      z.union([
        z.object({ index: z.int(), ...publicAcceptedNotification.shape }),
        z.object({ index: z.int(), error: problemSchema }),
      ]),
    ),
  })
  .meta({ id: "AcceptedBatch" });

export const publicNotification = z
  .object({
    id: id("ntf_01h455vb4pex5vsknk084sn02q"),
    mode: modeSchema,
    status: z.enum(notificationStatuses as [NotificationStatus, ...NotificationStatus[]]),
    reason: z.string().nullable().meta({ description: "Why it ended without a delivery" }),
    priority: z.enum(priorities),
    category: z.string().nullable(),
    template: z.object({ key: z.string(), version: z.int() }).nullable(),
    recipient: z.record(z.string(), z.string()).meta({ description: "The recipient's id and the raw addresses given" }),
    channels: z.array(z.string()),
    requestId: z.string(),
    idempotencyKey: z.string().nullable(),
    resendOf: z
      .string()
      .nullable()
      .meta({ description: "The notification it repeats", example: "ntf_01h455vb4pex5vsknk084sn02q" }),
    sendAt: time.nullable(),
    createdAt: time,
    settledAt: time.nullable(),
  })
  .meta({ id: "Notification" });
export type PublicNotification = z.infer<typeof publicNotification>;

/** A notification as the console lists it. */
export type PublicListedNotification = PublicNotification &
  Pick<ListedNotification, "subject" | "address" | "deliveryCount" | "failure">;

/** The answer of `GET /v1/notifications`. */
export const publicNotificationPage = z.object({
  data: z.array(publicNotification),
  hasMore: z.boolean(),
  nextCursor: z.string().nullable().meta({ description: "Give it as `cursor` for the next page; null on the last" }),
  searchedTo: time.nullable().meta({ description: "Down to when it was looked; null unless time was up" }),
});
export type PublicNotificationPage = z.infer<typeof publicNotificationPage>;

const publicAttempt = z
  .object({
    number: z.int(),
    provider: z.string(),
    account: z
      .string()
      .nullable()
      .meta({ description: "The provider account: one of yours, or one of the platform's" }),
    choice: z.string().nullable().meta({ description: "Why this account was chosen" }),
    outcome: z.enum(["sent", "deferred", "rejected", "unknown"]),
    reason: z.string().nullable().meta({ description: "The provider's words" }),
    providerMessageId: z.string().nullable(),
    startedAt: time,
    durationMs: z.int(),
  })
  .meta({ id: "Attempt" });

const publicReceipt = z
  .object({
    kind: z.enum(receiptKinds),
    at: time,
    reason: z.string().nullable().meta({ description: "The provider's words" }),
    url: z.string().nullable().meta({ description: "The link that was clicked" }),
  })
  .meta({ id: "Receipt", description: "What became of a message, as its provider told later. Kept for 30 days." });

const publicDelivery = z
  .object({
    id: id("dlv_01h455vb4pex5vsknk084sn02q"),
    channel: z.string(),
    address: z.string(),
    status: z.enum(deliveryStatuses as [DeliveryStatus, ...DeliveryStatus[]]),
    provider: z.string().nullable(),
    providerMessageId: z.string().nullable(),
    reason: z.string().nullable(),
    bounce: bounceSchema
      .nullable()
      .meta({ description: "What kind of bounce, kept as long as the delivery; null unless it bounced" }),
    units: z.int(),
    nextAttemptAt: time.nullable(),
    createdAt: time,
    sentAt: time.nullable(),
    deliveredAt: time.nullable().meta({ description: "When it arrived, as far as its provider tells" }),
    settledAt: time.nullable(),
    attempts: z.array(publicAttempt),
    receipts: z.array(publicReceipt),
  })
  .meta({ id: "Delivery" });
export type PublicDelivery = z.infer<typeof publicDelivery>;

const publicTimelineEvent = z
  .object({ at: time, event: z.string(), deliveryId: z.string().optional(), detail: z.string().optional() })
  .meta({ id: "TimelineEvent" });
export type PublicTimelineEvent = z.infer<typeof publicTimelineEvent>;

export const publicNotificationDetail = publicNotification
  .extend({
    data: z.record(z.string(), z.unknown()).nullable(),
    content: z.record(z.string(), z.unknown()).nullable(),
    locale: z.string().nullable(),
    resends: z.array(z.string()).meta({
      description: "The notifications that repeat it, first to last",
      example: ["ntf_01h455vb4pex5vsknk084sn02q"],
    }),
    deliveries: z.array(publicDelivery),
    timeline: z.array(publicTimelineEvent),
  })
  .meta({ id: "NotificationDetail" });
export type PublicNotificationDetail = z.infer<typeof publicNotificationDetail>;
