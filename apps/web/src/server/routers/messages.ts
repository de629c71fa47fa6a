import { cancelNotification } from "@tidings/core/notifications/cancel-notification";
import { getDeliveryContent } from "@tidings/core/notifications/get-delivery-content";
import { getMessageStory } from "@tidings/core/notifications/get-message-story";
import { listNotifications } from "@tidings/core/notifications/list-notifications";
import { notificationFilters } from "@tidings/core/notifications/notification-schemas";
import { presentListed } from "@tidings/core/notifications/present-notification";
import { readRequest } from "@tidings/core/notifications/read-request";
import { resendNotification } from "@tidings/core/notifications/resend-notification";
import { watchMessage } from "@tidings/core/notifications/watch-message";
import { cursorOf, readPage } from "@tidings/core/page";
import { Refusal } from "@tidings/shared/refusals";
import { z } from "zod";
import { storePreviewFrame } from "../previews/preview-frame";
import { reachingMutation, requireConfirmed } from "../reaching-mutation";
import { rowId } from "../row-id";
import { router, tenantMutation, tenantProcedure } from "../trpc";

const pageSize = 50;
const filters = notificationFilters.omit({ limit: true, cursor: true });
const messageId = z.object({ id: z.string().max(64) });

/** Messages: what was sent, and what became of it. */
export const messagesRouter = router({
  list: tenantProcedure("messages.read")
    .input(z.object({ filters, cursor: z.string().nullish() }))
    .query(async ({ ctx: { house, owner }, input }) => {
      const page = readPage({ limit: pageSize, cursor: input.cursor ?? undefined });
      const { rows, after, searchedTo } = await listNotifications(house.database, owner, input.filters, page);
      return {
        rows: rows.map(presentListed),
        nextCursor: after === null ? null : cursorOf(after),
        searchedTo: searchedTo?.toISOString() ?? null,
      };
    }),

  /** The newest messages, then each that is new or has changed, as it happens. */
  live: tenantProcedure("messages.read").subscription(({ ctx: { house, owner }, signal }) =>
    house.watchMessages.watch(owner, signal ?? AbortSignal.abort()),
  ),

  story: tenantProcedure("messages.read")
    .input(messageId)
    .query(({ ctx: { house, owner }, input }) => getMessageStory(house.database, owner.tenantId, uuid(input.id))),

  /** The story of one message, now and whenever it changes. */
  watch: tenantProcedure("messages.read")
    .input(messageId)
    .subscription(({ ctx: { house, owner }, input, signal }) =>
      watchMessage(house.database, owner.tenantId, uuid(input.id), signal ?? AbortSignal.abort()),
    ),

  /** What a delivery said; an email with the address of the frame that shows it. */
  content: tenantProcedure("messages.content")
    .input(messageId)
    .query(async ({ ctx: { house, owner, session }, input }) => {
      const said = await getDeliveryContent(house, owner.tenantId, rowId("delivery", input.id));
      const html = said.content?.html;
      const frame = typeof html === "string" ? await storePreviewFrame(house, session.user.id, html) : null;
      return { ...said, frame };
    }),

  resend: tenantMutation("messages.send", "message.resent")
    .input(messageId)
    .mutation(async ({ ctx, input }) => {
      const { database } = ctx.house;
      const { mode } = await modeOf(ctx, input.id);
      if (mode === "live") requireConfirmed(ctx.session);
      const context = { tenantId: ctx.owner.tenantId, mode, requestId: ctx.origin.requestId, idempotency: null };
      const plan = ctx.membership.plan;
      const answer = await resendNotification({ ...ctx.house, database }, { ...context, plan }, uuid(input.id));
      ctx.audit({ target: input.id, after: { id: answer.id } });
      return { id: answer.id };
    }),

  cancel: tenantMutation("messages.send", "message.canceled")
    .input(messageId)
    .mutation(async ({ ctx, input }) => {
      const { mode } = await modeOf(ctx, input.id);
      await cancelNotification(ctx.house, { ...ctx.owner, mode }, uuid(input.id));
      ctx.audit({ target: input.id });
    }),

  /** Sends a message from the console, as the tenant's backend would: through accept, with the same checks. */
  send: reachingMutation("messages.send", "message.sent")
    .input(z.object({ request: z.record(z.string(), z.unknown()) }))
    .mutation(async ({ ctx, input }) => {
      const { templates, attachments, quotas, accept } = ctx.house;
      const { tenantId, mode } = ctx.owner;
      const ready = await readRequest({ templates, attachments, nowMs: Date.now }, tenantId, input.request);
      await quotas.take({ ...ctx.owner, plan: ctx.membership.plan }, ready);
      const context = { tenantId, mode, requestId: ctx.origin.requestId, idempotency: null };
      const { id } = await accept.accept(context, ready);
      ctx.audit({ target: id, after: { channels: ready.channels, mode } });
      return { id };
    }),
});

const uuid = (id: string) => rowId("notification", id);

/** A message's own mode: a link to it works whatever the header's switch says. */
async function modeOf(
  { house, owner }: { house: { database: Parameters<typeof getMessageStory>[0] }; owner: { tenantId: string } },
  id: string,
) {
  const row = await house.database.notification.findFirst({
    where: { tenantId: owner.tenantId, id: uuid(id) },
    select: { mode: true },
  });
  if (!row) throw new Refusal("not_found", "There is no message with this id.");
  return { mode: row.mode === "test" ? ("test" as const) : ("live" as const) };
}
