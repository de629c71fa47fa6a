import { listNotifications } from "@tidings/core/notifications/list-notifications";
import { recipientIdSchema } from "@tidings/core/notifications/notification-request";
import { presentListed } from "@tidings/core/notifications/present-notification";
import { presentPage, readPage } from "@tidings/core/page";
import { erasePerson } from "@tidings/core/people/erase-person";
import { listErasures } from "@tidings/core/people/list-erasures";
import { erasePersonBody } from "@tidings/core/people/person-schemas";
import { presentErasure } from "@tidings/core/people/present-erasure";
import { createRecipient } from "@tidings/core/recipients/create-recipient";
import { deleteRecipient } from "@tidings/core/recipients/delete-recipient";
import { getRecipient } from "@tidings/core/recipients/get-recipient";
import { listRecipients } from "@tidings/core/recipients/list-recipients";
import { presentRecipient } from "@tidings/core/recipients/present-recipient";
import { recipientFacts, recipientFilters, storedFields } from "@tidings/core/recipients/recipient-schemas";
import { removeDevice } from "@tidings/core/recipients/remove-device";
import { updateRecipient } from "@tidings/core/recipients/update-recipient";
import { findSuppressionsOf } from "@tidings/core/suppressions/find-suppressions-of";
import { presentSuppression } from "@tidings/core/suppressions/present-suppression";
import { z } from "zod";
import { router, tenantMutation, tenantProcedure } from "../trpc";

const recipientId = z.object({ id: recipientIdSchema });
const pageInput = z.object({ cursor: z.string().nullish() });
const pageSize = 50;
const recentMessages = 10;

/** A recipient as the console shows it: addresses by themselves, by the names of their fields. */
function shownRecipient(row: Parameters<typeof presentRecipient>[0]) {
  const { id, locale, timeZone, data, devices, createdAt, updatedAt } = presentRecipient(row);
  return {
    id,
    locale,
    timeZone,
    data,
    devices,
    createdAt,
    updatedAt,
    addresses: row.addresses as Record<string, string>,
  };
}

/** Recipients, and the person behind one. The audit log says which fields changed, never what stands in them. */
export const recipientsRouter = router({
  list: tenantProcedure("recipients.read")
    .input(pageInput.extend(recipientFilters.pick({ q: true }).shape))
    .query(async ({ ctx: { house, owner }, input: { q, cursor } }) => {
      const page = readPage({ limit: pageSize, cursor: cursor ?? undefined }, "text");
      const recipients = await listRecipients(house.database, owner.tenantId, { q }, page);
      return presentPage(recipients, shownRecipient, (row) => row.id);
    }),

  get: tenantProcedure("recipients.read")
    .input(recipientId)
    .query(async ({ ctx: { house, owner }, input }) =>
      shownRecipient(await getRecipient(house.database, owner.tenantId, input.id)),
    ),

  /** The newest messages of the mode to a recipient. */
  messages: tenantProcedure("recipients.read")
    .input(recipientId)
    .query(async ({ ctx: { house, owner }, input }) => {
      const filters = { recipient: input.id };
      const { rows, hasMore } = await listNotifications(house.database, owner, filters, { limit: recentMessages });
      return { messages: rows.map(presentListed), hasMore };
    }),

  /** What keeps messages from the addresses and devices of a recipient. */
  suppressions: tenantProcedure("recipients.read")
    .input(recipientId)
    .query(async ({ ctx: { house, owner }, input }) => {
      const { id, addresses, devices } = shownRecipient(await getRecipient(house.database, owner.tenantId, input.id));
      const known = [id, ...Object.values(addresses), ...devices.map(({ token }) => token)];
      return (await findSuppressionsOf(house.database, owner.tenantId, known)).map(presentSuppression);
    }),

  create: tenantMutation("recipients.write", "recipient.created")
    .input(recipientId.extend(recipientFacts.shape))
    .mutation(async ({ ctx, input: { id, tenant: _, mode: __, ...facts } }) => {
      const made = shownRecipient(await createRecipient(ctx.house.database, ctx.owner.tenantId, id, facts));
      ctx.audit({ target: id, after: { fields: filledFields(made) } });
      return made;
    }),

  update: tenantMutation("recipients.write", "recipient.updated")
    .input(recipientId.extend(recipientFacts.shape))
    .mutation(async ({ ctx, input: { id, tenant: _, mode: __, ...facts } }) => {
      const { database } = ctx.house;
      const before = shownRecipient(await getRecipient(database, ctx.owner.tenantId, id));
      const after = shownRecipient(await updateRecipient(database, ctx.owner.tenantId, id, facts));
      ctx.audit({ target: id, before: { fields: filledFields(before) }, after: { fields: filledFields(after) } });
      return after;
    }),

  delete: tenantMutation("recipients.write", "recipient.deleted")
    .input(recipientId)
    .mutation(async ({ ctx, input: { id } }) => {
      await deleteRecipient(ctx.house.database, ctx.owner.tenantId, id);
      ctx.audit({ target: id });
    }),

  removeDevice: tenantMutation("recipients.write", "recipient.device_removed")
    .input(recipientId.extend({ token: z.string().max(8_192) }))
    .mutation(async ({ ctx, input: { id, token } }) => {
      await removeDevice(ctx.house.database, ctx.owner.tenantId, id, { token });
      ctx.audit({ target: id });
    }),

  /** Erases a person, of both modes. The log names the erasure, not the person. */
  erase: tenantMutation("recipients.erase", "person.erased")
    .input(z.object(erasePersonBody.shape))
    .mutation(async ({ ctx, input: { person, keepSuppressions } }) => {
      const requester = { tenantId: ctx.owner.tenantId, requestedBy: ctx.session.user.email };
      const erasure = presentErasure(await erasePerson(ctx.house, requester, { person, keepSuppressions }));
      ctx.audit({ target: erasure.id, after: erasure.erased });
      return erasure;
    }),

  erasures: tenantProcedure("recipients.erase")
    .input(pageInput)
    .query(async ({ ctx: { house, owner }, input: { cursor } }) => {
      const page = readPage({ limit: pageSize, cursor: cursor ?? undefined });
      return presentPage(await listErasures(house.database, owner.tenantId, page), presentErasure, (row) => row.id);
    }),
});

function filledFields(recipient: ReturnType<typeof shownRecipient>): string[] {
  const { addresses, locale, timeZone, data } = recipient;
  const facts = { locale, timeZone, data: Object.keys(data).length > 0 || null };
  return [
    ...storedFields.map(([name]) => name).filter((name) => addresses[name] !== undefined),
    ...Object.entries(facts).flatMap(([name, value]) => (value === null ? [] : [name])),
  ];
}
