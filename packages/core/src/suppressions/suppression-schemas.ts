import { channels } from "@tidings/channels/registry";
import { isStorable } from "@tidings/shared/text";
import { z } from "zod";
import { categorySchema, channelSchema } from "../notifications/notification-request";
import { suppressionReasons } from "./suppression-reasons";

const reasonSchema = z.enum(suppressionReasons).meta({
  description:
    "`hard_bounce`: the address does not exist. `complaint`: called spam. `stop`: answered STOP. `unsubscribe`: wants no more of it. `manual`: by hand",
});
const addressSchema = z
  .string()
  .min(1)
  .max(4_096)
  .refine(isStorable, "must not hold U+0000 or half of a surrogate pair")
  .meta({ description: "An address of the channel", example: "ann@example.com" });

/** What a list or an export of suppressions is narrowed down by. */
export const suppressionFilters = z.strictObject({
  channel: channelSchema.optional(),
  address: addressSchema.optional(),
  category: z
    .union([categorySchema, z.literal("")])
    .optional()
    .meta({ description: "Empty: those that hold for every category" }),
  reason: reasonSchema.optional(),
});

/** Which suppressions `DELETE /v1/suppressions` removes. */
export const suppressedAddressQuery = suppressionFilters
  .pick({ channel: true, address: true, category: true })
  .required({ channel: true, address: true });
export type SuppressedAddressQuery = z.output<typeof suppressedAddressQuery>;

/** The same filters, for people: who search by as much of an address as they remember. */
export const suppressionSearch = suppressionFilters.extend({
  q: addressSchema.optional().meta({ description: "The beginning of an address" }),
});
export type SuppressionSearch = z.output<typeof suppressionSearch>;

/** The body of `POST /v1/suppressions`. */
export const createSuppressionBody = z
  .strictObject({
    channel: channelSchema,
    address: addressSchema,
    category: categorySchema.nullish().meta({ description: "What not to send; absent or null: anything" }),
    reason: reasonSchema.default("manual"),
    detail: z
      .string()
      .max(1_000)
      .nullish()
      .meta({ description: "A note for whoever reads the list", example: "Asked by phone" }),
  })
  .superRefine(addressOfChannel)
  .meta({ id: "SuppressionCreate", example: { channel: "email", address: "ann@example.com", category: "offers" } });
export type CreateSuppressionBody = z.output<typeof createSuppressionBody>;

/** For `superRefine`: the address must be one of the channel. */
export function addressOfChannel(
  { channel, address }: { channel: string; address: string },
  context: z.core.$RefinementCtx,
): void {
  const message = faultOfAddress(channel, address);
  if (message !== null) context.addIssue({ code: "custom", path: ["address"], message });
}

/** What is wrong with an address of a channel that exists, as a sentence without its subject; null when nothing is. */
export function faultOfAddress(channel: string, address: string): string | null {
  const parsed = channels.get(channel)?.addressField.schema.safeParse(address.trim());
  return parsed?.success ? null : (parsed?.error.issues[0]?.message ?? "must be an address of the channel");
}

/** A suppression as its tenant sees it. */
export const publicSuppression = z
  .object({
    id: z.string(),
    channel: channelSchema,
    address: z.string(),
    category: categorySchema.nullable().meta({ description: "Null: every category" }),
    reason: reasonSchema,
    detail: z.string().nullable().meta({ description: "The provider's words, or a note" }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Suppression" });
export type PublicSuppression = z.infer<typeof publicSuppression>;

/** What an import came to. */
export const publicImport = z
  .object({
    read: z.int().meta({ description: "Lines that were not empty, without the header" }),
    added: z.int(),
    known: z.int().meta({ description: "Suppressed already, or named twice" }),
    refused: z.int(),
    faults: z
      .array(z.object({ line: z.int().meta({ description: "Counted from 1, the header's" }), message: z.string() }))
      .meta({ description: "The first 100 refused lines" }),
  })
  .meta({ id: "SuppressionImport" });
export type PublicImport = z.infer<typeof publicImport>;
