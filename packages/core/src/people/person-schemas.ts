import { modeSchema } from "@tidings/shared/modes";
import { z } from "zod";
import { publicInboxItem } from "../inbox/inbox-schemas";
import { addressFields, recipientIdSchema } from "../notifications/notification-request";
import { publicNotificationDetail } from "../notifications/notification-schemas";
import { pageQuery } from "../page";
import { publicRecipient } from "../recipients/recipient-schemas";

const addresses: Record<string, z.ZodOptional<z.ZodType<string>>> = Object.fromEntries(
  Object.entries(addressFields).map(([name, schema]) => [name, schema.optional()]),
);
const personSchema = z
  .strictObject({ id: recipientIdSchema.optional(), ...addresses })
  .refine((person) => Object.values(person).some((value) => value !== undefined), {
    message: `must have an id or an address (${Object.keys(addressFields).join(", ")})`,
  })
  .meta({ description: "Whom it is about: a recipient by your own id, or addresses of a person, or both" });

/** How a person is named: by the tenant's own id, by addresses under the names of their fields, or both. */
export interface PersonName {
  id?: string | undefined;
  [addressField: string]: string | undefined;
}

/** The body of `POST /v1/people/erase`. */
export const erasePersonBody = z
  .strictObject({
    person: personSchema,
    keepSuppressions: z.boolean().default(false).meta({
      description:
        "Keep the suppressions of the person's addresses, so that nobody writes to them again by mistake. They hold the addresses themselves",
    }),
  })
  .meta({ id: "ErasureRequest", example: { person: { id: "usr_42", email: "ann@example.com" } } });
export type ErasePersonBody = z.output<typeof erasePersonBody> & { person: PersonName };

/** The body of `POST /v1/people/export`. */
export const exportPersonBody = z
  .strictObject({
    person: personSchema,
    limit: z.int().min(1).max(100).default(100).meta({ description: "Most notifications of one answer" }),
    cursor: pageQuery.shape.cursor,
  })
  .meta({ id: "PersonExportRequest", example: { person: { id: "usr_42" } } });

const count = z.int().min(0);
/** Rows of each table that were erased: deleted, or emptied of everything personal. */
export const erasedCounts = z.object({
  recipients: count,
  devices: count,
  inboxItems: count,
  notifications: count,
  deliveries: count,
  attempts: count,
  receipts: count,
  receiptCalls: count,
  reports: count,
  reportAttempts: count,
  suppressions: count,
  deadLetters: count,
  idempotencyKeys: count,
  auditEntries: count.meta({ description: "Of the audit log, those that named the person" }),
  canceled: count.meta({ description: "Notifications that were not processed yet and are canceled" }),
  skipped: count.meta({ description: "Deliveries that waited to be sent and never will be" }),
  inFlight: count.meta({
    description:
      "Deliveries that were with a provider at that moment: it may have taken them, so they are UNKNOWN unless a receipt tells more",
  }),
});
export type ErasedCounts = z.infer<typeof erasedCounts>;
/** Zero of everything. */
export const nothingErased = Object.fromEntries(
  Object.keys(erasedCounts.shape).map((name) => [name, 0]),
) as ErasedCounts;

/** An erasure as its tenant sees it: who asked, when, how much; never of whom. */
export const publicErasure = z
  .object({
    id: z.string().meta({ example: "ers_01h455vb4pex5vsknk084sn02q" }),
    requestedBy: z.string().meta({ description: "The id of an API key, or the address of a member of the team" }),
    erased: erasedCounts,
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Erasure" });
export type PublicErasure = z.infer<typeof publicErasure>;

/** What is stored of a person; notifications and inbox a page at a time, the newest first. */
export const publicPersonExport = z
  .object({
    recipients: z.array(publicRecipient).meta({ description: "On the first page" }),
    suppressions: z
      .array(
        z.object({
          channel: z.string(),
          address: z.string(),
          category: z.string().nullable(),
          reason: z.string(),
          detail: z.string().nullable(),
          createdAt: z.iso.datetime(),
        }),
      )
      .meta({ description: "On the first page" }),
    notifications: z.array(publicNotificationDetail),
    inbox: z.array(publicInboxItem.extend({ mode: modeSchema }).meta({ id: "ExportedInboxItem" })),
    hasMore: z.boolean(),
    nextCursor: z.string().nullable().meta({ description: "Give it as `cursor` for the next page; null on the last" }),
  })
  .meta({ id: "PersonExport" });
export type PublicPersonExport = z.infer<typeof publicPersonExport>;
