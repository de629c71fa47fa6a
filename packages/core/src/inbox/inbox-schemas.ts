import { z } from "zod";
import { pageQuery } from "../page";

/** The query of `GET /v1/recipients/{id}/inbox`. */
export const inboxFilters = pageQuery.extend({
  unread: z
    .stringbool({ truthy: ["true"], falsy: ["false"], case: "sensitive", error: "must be true or false" })
    .default(false)
    .meta({ type: "boolean", description: "Only what was not marked as read" }),
});

/** One message in a recipient's inbox. */
export const publicInboxItem = z
  .object({
    id: z.string().meta({ example: "inb_01h455vb4pex5vsknk084sn02q" }),
    title: z.string(),
    body: z.string(),
    actionUrl: z.string().nullable().meta({ description: "Where a click on it leads" }),
    data: z.record(z.string(), z.unknown()).nullable(),
    createdAt: z.iso.datetime(),
    readAt: z.iso.datetime().nullable().meta({ description: "When it was first marked as read; null while unread" }),
  })
  .meta({ id: "InboxItem" });
export type PublicInboxItem = z.infer<typeof publicInboxItem>;
