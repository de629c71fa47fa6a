import type { Prisma } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import type { PublicInboxItem } from "./inbox-schemas";

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
