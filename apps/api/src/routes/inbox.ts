import { inboxFilters, publicInboxItem } from "@tidings/core/inbox/inbox-schemas";
import { listInbox, maxUnreadCount } from "@tidings/core/inbox/list-inbox";
import { markInboxItemRead } from "@tidings/core/inbox/mark-inbox-item-read";
import { markInboxRead } from "@tidings/core/inbox/mark-inbox-read";
import { presentInboxItem } from "@tidings/core/inbox/present-inbox-item";
import type { Principal } from "@tidings/core/keys/authenticate";
import { recipientIdSchema } from "@tidings/core/notifications/notification-request";
import { presentPage, readPage } from "@tidings/core/page";
import { z } from "zod";
import { idSchema } from "../id-params";
import { pageSchema } from "../page-schema";
import { defineRoute } from "../route";

const tag = "Inbox";
const params = z.object({ id: recipientIdSchema });

export const inboxRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/recipients/{id}/inbox",
    operationId: "listInbox",
    tag,
    summary: "Read a recipient's inbox, newest first",
    description:
      "An inbox belongs to an id, whether a recipient is stored under it or not, and is empty until an in-app message arrives. Each mode has its own.",
    scope: "read",
    params,
    query: inboxFilters,
    status: 200,
    response: pageSchema(publicInboxItem).extend({
      unreadCount: z
        .int()
        .min(0)
        .max(maxUnreadCount)
        .meta({
          description: `Unread items of the whole inbox; ${maxUnreadCount} stands for that many or more`,
        }),
    }),
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { params, query }) {
      const { unreadCount, ...page } = await listInbox(
        deps.database,
        inboxOf(principal, params.id),
        query,
        readPage(query),
      );
      return { ...presentPage(page, presentInboxItem, (row) => row.id), unreadCount };
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/recipients/{id}/inbox/{itemId}/read",
    operationId: "markInboxItemRead",
    tag,
    summary: "Mark an inbox item as read",
    description: "Marking it again keeps the first time.",
    scope: "manage",
    params: params.extend({ itemId: idSchema("inboxItem") }),
    status: 200,
    response: publicInboxItem,
    async handle({ deps, principal }, { params }) {
      return presentInboxItem(await markInboxItemRead(deps.database, inboxOf(principal, params.id), params.itemId));
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/recipients/{id}/inbox/read",
    operationId: "markInboxRead",
    tag,
    summary: "Mark everything in an inbox as read",
    scope: "manage",
    params,
    status: 200,
    response: z
      .object({ marked: z.int().min(0).meta({ description: "Items that were unread" }) })
      .meta({ id: "InboxMarked" }),
    async handle({ deps, principal }, { params }) {
      return { marked: await markInboxRead(deps.database, inboxOf(principal, params.id)) };
    },
  }),
];

function inboxOf({ tenantId, mode }: Principal, recipientId: string) {
  return { tenantId, mode, recipientId };
}
