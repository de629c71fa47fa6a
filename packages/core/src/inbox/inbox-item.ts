import type { Prisma } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import { z } from "zod";

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

/** What of an item's row its tenant may see. */
export type InboxItemRow = Pick<
  Prisma.InboxItemModel,
  "id" | "title" | "body" | "actionUrl" | "data" | "createdAt" | "readAt"
>;

/** An inbox item as its tenant sees it. */
export function presentInboxItem(row: InboxItemRow): PublicInboxItem {
  return {
    id: publicId("inboxItem", row.id),
    title: row.title,
    body: row.body,
    actionUrl: row.actionUrl,
    data: row.data as Record<string, unknown> | null,
    createdAt: row.createdAt.toISOString(),
    readAt: row.readAt?.toISOString() ?? null,
  };
}

/** Whose inbox: it belongs to a recipient id, stored or not, and each mode has its own. */
export interface InboxOwner {
  tenantId: string;
  mode: string;
  recipientId: string;
}
