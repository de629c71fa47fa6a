import { channels } from "@tidings/channels/registry";
import { categoryPattern, templateKeyPattern } from "@tidings/shared/key-patterns";
import { priorities } from "@tidings/shared/priorities";
import { localeSchema } from "@tidings/shared/text";
import { z } from "zod";

/** Most items in one batch request. */
export const maxBatchItems = 1_000;
/** How far ahead a notification may be scheduled. */
export const maxScheduleAheadMs = 366 * 24 * 60 * 60 * 1_000;

/** A tenant's own id of a recipient: what its other systems call the person. */
export const recipientIdSchema = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}]*$/u, "must not hold control characters")
  .meta({ description: "The tenant's own id of the recipient", example: "usr_42" });

const channelIds = [...channels.keys()] as [string, ...string[]];
export const channelSchema = z.enum(channelIds).meta({ description: "A way to reach a person" });

/** Raw address fields over all channels: `email`, `phone`, `deviceToken`, `url`, … */
export const addressFields: Record<string, z.ZodType<string>> = Object.fromEntries(
  [...channels.values()]
    .filter((channel) => channel.addressField.name !== "id")
    .map((channel) => [channel.addressField.name, channel.addressField.schema]),
);

const recipientSchema = z
  .strictObject({
    id: recipientIdSchema.optional(),
    ...Object.fromEntries(Object.entries(addressFields).map(([name, schema]) => [name, schema.optional()])),
  })
  .refine((recipient) => Object.values(recipient).some((value) => value !== undefined), {
    message: `must have an id or a raw address (${Object.keys(addressFields).join(", ")})`,
  })
  .meta({ description: "Whom to notify: a stored recipient by id, raw addresses, or both" });

/** Direct content is checked against the schema of its channel once the channel is known. */
const contentSchema = z.record(z.string(), z.unknown());

export const categorySchema = z
  .string()
  .regex(categoryPattern, "must be up to 64 lower-case letters, digits, dots, hyphens or underscores")
  .meta({ description: "What the notification is about", example: "order_updates" });

export const templateKeySchema = z
  .string()
  .regex(templateKeyPattern, "must be up to 128 lower-case letters, digits, dots, hyphens or underscores")
  .meta({ description: "A template's key", example: "order_shipped" });

/** The body of `POST /v1/notifications`, before what needs a look at the channel or the template. */
export const notificationBody = z.strictObject({
  channel: channelSchema.optional(),
  channels: z.array(channelSchema).min(1).max(channelIds.length).optional(),
  recipient: recipientSchema,
  template: templateKeySchema.optional(),
  data: z.record(z.string(), z.unknown()).optional().meta({ description: "What the template's variables stand for" }),
  content: contentSchema.optional(),
  locale: localeSchema.optional().meta({ description: "Overrides the recipient's locale", example: "pt-BR" }),
  category: categorySchema.optional(),
  priority: z.enum(priorities).default("normal"),
  sendAt: z.iso
    .datetime({ offset: true, message: "must be an RFC 3339 time such as 2030-01-31T09:00:00Z" })
    .nullish()
    .meta({ description: "When to send; at once when absent or null" }),
});
export type NotificationBody = z.output<typeof notificationBody>;

/** The body of `POST /v1/notifications/batch`: items are checked one by one, each has its own answer. */
export const notificationBatchBody = z.strictObject({
  notifications: z.array(z.unknown()).min(1).max(maxBatchItems),
});
