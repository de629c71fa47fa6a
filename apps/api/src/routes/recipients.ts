import { recipientIdSchema } from "@tidings/core/notifications/notification-request";
import { presentPage, readPage } from "@tidings/core/page";
import { deleteRecipient } from "@tidings/core/recipients/delete-recipient";
import { getRecipient } from "@tidings/core/recipients/get-recipient";
import { listRecipients } from "@tidings/core/recipients/list-recipients";
import { presentRecipient } from "@tidings/core/recipients/present-recipient";
import { putRecipient } from "@tidings/core/recipients/put-recipient";
import { publicRecipient, recipientBody, recipientFilters } from "@tidings/core/recipients/recipient-schemas";
import { removeDevice } from "@tidings/core/recipients/remove-device";
import { z } from "zod";
import { idSchema } from "../id-params";
import { pageSchema } from "../page-schema";
import { defineRoute } from "../route";

const tag = "Recipients";
const params = z.object({ id: recipientIdSchema });

export const recipientRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/recipients",
    operationId: "listRecipients",
    tag,
    summary: "List or find stored recipients, in the order of their ids",
    scope: "read",
    query: recipientFilters,
    status: 200,
    response: pageSchema(publicRecipient),
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { query }) {
      const page = await listRecipients(deps.database, principal.tenantId, query, readPage(query, "text"));
      return presentPage(page, presentRecipient, (row) => row.id);
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/recipients/{id}",
    operationId: "getRecipient",
    tag,
    summary: "A stored recipient",
    scope: "read",
    params,
    status: 200,
    response: publicRecipient,
    async handle({ deps, principal }, { params }) {
      return presentRecipient(await getRecipient(deps.database, principal.tenantId, params.id));
    },
  }),

  defineRoute({
    method: "PUT",
    path: "/v1/recipients/{id}",
    operationId: "putRecipient",
    tag,
    summary: "Store a recipient",
    description:
      "Makes or replaces a recipient as a whole, under your own id: what is absent is removed, devices included. Keys of both modes share recipients.",
    scope: "manage",
    params,
    body: recipientBody,
    status: 200,
    response: publicRecipient,
    async handle({ deps, principal }, { params, body }) {
      return presentRecipient(await putRecipient(deps.database, principal.tenantId, params.id, body));
    },
  }),

  defineRoute({
    method: "DELETE",
    path: "/v1/recipients/{id}",
    operationId: "deleteRecipient",
    tag,
    summary: "Delete a recipient",
    description:
      "Forgets the recipient's addresses, devices, data and inboxes, of both modes. The record of what was sent stays.",
    scope: "manage",
    params,
    status: 204,
    async handle({ deps, principal }, { params }) {
      await deleteRecipient(deps.database, principal.tenantId, params.id);
    },
  }),

  defineRoute({
    method: "DELETE",
    path: "/v1/recipients/{id}/devices/{deviceId}",
    operationId: "deleteRecipientDevice",
    tag,
    summary: "Forget a recipient's device",
    description: "No more push messages go there, until you store the recipient with it again.",
    scope: "manage",
    params: params.extend({ deviceId: idSchema("device") }),
    status: 204,
    async handle({ deps, principal }, { params }) {
      await removeDevice(deps.database, principal.tenantId, params.id, { id: params.deviceId });
    },
  }),
];
