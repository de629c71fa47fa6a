import { isStorable, localeSchema, timeZoneSchema } from "@tidings/shared/text";
import { z } from "zod";
import {
  categorySchema,
  channelSchema,
  recipientIdSchema,
  templateKeySchema,
} from "../notifications/notification-request";
import { templateContentSchema } from "./template-content";

const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine(isStorable, "must be text that can be stored")
  .meta({ description: "For people", example: "Order shipped" });
const category = categorySchema.nullable().meta({
  description: "What its notifications are about, unless a request says otherwise",
  example: "order_updates",
});

const ifUpdatedAt = z.iso.datetime().optional().meta({
  description: "The `updatedAt` that was read: refused with `conflict` when the template was changed since",
});

/** What a new template is made from. */
export const createTemplateBody = z
  .strictObject({
    key: templateKeySchema,
    name: nameSchema,
    category: category.optional(),
    draft: templateContentSchema,
  })
  .meta({ id: "TemplateCreate" });
export type CreateTemplateBody = z.output<typeof createTemplateBody>;

/** What of a template is to change; what is absent stays. A draft is replaced as a whole. */
export const updateTemplateBody = z
  .strictObject({
    name: nameSchema.optional(),
    category: category.optional(),
    draft: templateContentSchema.optional(),
    ifUpdatedAt,
  })
  .meta({ id: "TemplateUpdate" });
export type UpdateTemplateBody = z.output<typeof updateTemplateBody>;

/** How a draft is to be published. */
export const publishTemplateBody = z
  .strictObject({ ifUpdatedAt })
  .meta({ id: "TemplatePublish", example: { ifUpdatedAt: "2026-11-22T09:30:00.000Z" } });
export type PublishTemplateBody = z.output<typeof publishTemplateBody>;

/** How an earlier version is to be published again. */
export const republishVersionBody = z
  .strictObject({
    ifPublishedVersion: z.int().min(1).optional().meta({
      description: "The version that was read as the published one: refused with `conflict` when another is by now",
    }),
  })
  .meta({ id: "TemplateVersionPublish", example: { ifPublishedVersion: 3 } });
export type RepublishVersionBody = z.output<typeof republishVersionBody>;

/** Which templates a list has. */
export const templateFilters = z.strictObject({
  q: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: "Part of the key or the name", example: "order" }),
  category: categorySchema.optional(),
  channel: channelSchema.optional(),
});
export type TemplateFilters = z.output<typeof templateFilters>;

/** What to preview a template with. */
export const previewBody = z
  .strictObject({
    version: z.int().min(1).optional().meta({ description: "A published version; the draft when absent", example: 3 }),
    draft: templateContentSchema.optional().meta({ description: "To be shown instead of the stored draft" }),
    channels: z.array(channelSchema).min(1).optional().meta({ description: "All that the template has when absent" }),
    locale: localeSchema.optional().meta({ description: "The default locale when absent", example: "pt-BR" }),
    data: z
      .record(z.string(), z.unknown())
      .default({})
      .meta({ description: "Sample data", example: { orderId: "ord_abc123", carrier: "FedEx" } }),
    recipient: z
      .strictObject({
        id: recipientIdSchema.optional(),
        locale: localeSchema.optional(),
        timeZone: timeZoneSchema.optional(),
        data: z.record(z.string(), z.unknown()).optional(),
      })
      .default({})
      .meta({ description: "A sample recipient, as templates see it", example: { data: { firstName: "Ann" } } }),
  })
  .refine(({ version, draft }) => version === undefined || draft === undefined, "must have version or draft, not both")
  .meta({ id: "TemplatePreviewRequest" });
export type PreviewBody = z.output<typeof previewBody>;

/** A template as its tenant sees it. */
export const publicTemplate = z
  .object({
    id: z.string().meta({ example: "tpl_01jd3q2v8hf8b9v5m3k7t2c4xz" }),
    key: templateKeySchema,
    name: z.string(),
    category: category,
    draft: templateContentSchema,
    publishedVersion: z.int().nullable().meta({ description: "The newest version; null before the first", example: 3 }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "Template" });
export type PublicTemplate = z.input<typeof publicTemplate>;

/** A template in a list: all but what it says. */
export const publicTemplateSummary = publicTemplate
  .omit({ draft: true })
  .extend({
    channels: z
      .array(channelSchema)
      .meta({ description: "Those its draft has content for", example: ["email", "sms"] }),
    hasUnpublishedChanges: z.boolean().meta({ description: "Whether the draft differs from the newest version" }),
  })
  .meta({ id: "TemplateSummary" });
export type PublicTemplateSummary = z.input<typeof publicTemplateSummary>;

/** A published version as its tenant sees it. */
export const publicVersion = z
  .object({
    version: z.int(),
    content: templateContentSchema,
    layoutVersion: z.int().nullable().meta({ description: "Which version of the layout it was published with" }),
    variables: z.array(z.string()).meta({
      description: "Paths of the variables it reads",
      example: ["carrier", "orderId", "recipient.data.firstName"],
    }),
    publishedAt: z.iso.datetime(),
  })
  .meta({ id: "TemplateVersion" });
export type PublicVersion = z.input<typeof publicVersion>;

/** What a template looks like with sample data, channel by channel. */
export const publicPreview = z
  .object({
    version: z.int().nullable().meta({ description: "Null for the draft" }),
    data: z.array(
      z.object({
        channel: channelSchema,
        locale: z.string().nullable().meta({ description: "Whose content it is; null when there is none" }),
        content: z.unknown().meta({ description: "What would be sent; null when nothing could be" }),
        reason: z.string().nullable().meta({ description: "Why nothing could be sent" }),
        missingVariables: z.array(z.string()),
        sms: z
          .object({ segments: z.int(), encoding: z.enum(["GSM-7", "UCS-2"]), characters: z.int() })
          .nullable()
          .meta({ description: "What an SMS would cost; null for other channels" }),
      }),
    ),
  })
  .meta({ id: "TemplatePreview" });
export type PublicPreview = z.output<typeof publicPreview>;
