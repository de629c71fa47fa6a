import { createEndpoint } from "@tidings/core/endpoints/create-endpoint";
import { deleteEndpoint } from "@tidings/core/endpoints/delete-endpoint";
import {
  createEndpointBody,
  type PublicEndpointHours,
  publicEndpoint,
  publicEndpointHours,
  publicEndpointSecret,
  rotateSecretBody,
  testEventBody,
  updateEndpointBody,
} from "@tidings/core/endpoints/endpoint-schemas";
import { getEndpoint } from "@tidings/core/endpoints/get-endpoint";
import { getEndpointSecret } from "@tidings/core/endpoints/get-endpoint-secret";
import { listEndpoints } from "@tidings/core/endpoints/list-endpoints";
import { presentEndpoint } from "@tidings/core/endpoints/present-endpoint";
import { rotateEndpointSecret } from "@tidings/core/endpoints/rotate-endpoint-secret";
import { sendTestEvent } from "@tidings/core/endpoints/send-test-event";
import { updateEndpoint } from "@tidings/core/endpoints/update-endpoint";
import { pageQuery, presentPage, readPage } from "@tidings/core/page";
import { measureHours } from "@tidings/core/reports/measure-hours";
import { presentReport } from "@tidings/core/reports/present-report";
import { publicReport } from "@tidings/core/reports/report-schemas";
import { z } from "zod";
import { idParams } from "../id-params";
import { pageSchema } from "../page-schema";
import { defineRoute } from "../route";

const tag = "Webhooks";
const params = idParams("endpoint");
const webhook = publicEndpoint.meta({ id: "Webhook" });

const createdWebhook = publicEndpoint
  .extend({
    secret: z.string().nullable().meta({
      description:
        "What its reports are signed with. A repeated request is answered with null; the secret has a route of its own",
    }),
  })
  .meta({ id: "CreatedWebhook" });
type CreatedWebhook = z.infer<typeof createdWebhook>;

export const webhookRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/webhooks",
    operationId: "listWebhooks",
    tag,
    summary: "List webhook endpoints, newest first",
    scope: "read",
    query: pageQuery,
    status: 200,
    response: pageSchema(webhook),
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { query }) {
      const page = await listEndpoints(deps.database, principal, readPage(query));
      return presentPage(
        page,
        (row) => presentEndpoint(deps.sealer, row),
        (row) => row.id,
      );
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/webhooks",
    operationId: "createWebhook",
    tag,
    summary: "Make a webhook endpoint",
    description:
      "From the next event on, reports are posted to its URL, signed as [Standard Webhooks](https://www.standardwebhooks.com) says. It hears what happens in the mode of the key that made it. At most 50 in each mode.",
    scope: "manage",
    body: createEndpointBody,
    status: 201,
    response: createdWebhook,
    refusals: ["conflict"],
    idempotency: "stored",
    redactStored: (answer): CreatedWebhook => ({ ...(answer as CreatedWebhook), secret: null }),
    async handle({ deps, principal }, { body }): Promise<CreatedWebhook> {
      const { row, secret } = await createEndpoint(deps, principal, body);
      return { ...presentEndpoint(deps.sealer, row), secret };
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/webhooks/{id}",
    operationId: "getWebhook",
    tag,
    summary: "A webhook endpoint",
    scope: "read",
    params,
    status: 200,
    response: webhook,
    async handle({ deps, principal }, { params }) {
      return presentEndpoint(deps.sealer, await getEndpoint(deps.database, principal, params.id));
    },
  }),

  defineRoute({
    method: "PATCH",
    path: "/v1/webhooks/{id}",
    operationId: "updateWebhook",
    tag,
    summary: "Change, enable or disable a webhook endpoint",
    description:
      "What is absent stays; lists and headers are replaced as a whole. Enabling it forgets what it failed for. What happened while it was disabled comes when you ask for a replay.",
    scope: "manage",
    params,
    body: updateEndpointBody,
    status: 200,
    response: webhook,
    async handle({ deps, principal }, { params, body }) {
      return presentEndpoint(deps.sealer, await updateEndpoint(deps, principal, params.id, body));
    },
  }),

  defineRoute({
    method: "DELETE",
    path: "/v1/webhooks/{id}",
    operationId: "deleteWebhook",
    tag,
    summary: "Delete a webhook endpoint",
    description:
      "What was still to be posted to it fails. Its reports can be read one by one as long as they are kept.",
    scope: "manage",
    params,
    status: 204,
    async handle({ deps, principal }, { params }) {
      await deleteEndpoint(deps.database, principal, params.id);
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/webhooks/{id}/hours",
    operationId: "getWebhookHours",
    tag,
    summary: "How a webhook endpoint's reports fared in each of the last 24 hours",
    description: "The oldest hour first, the present one last. By when a report was written, as it stands now.",
    scope: "read",
    params,
    status: 200,
    response: publicEndpointHours,
    async handle({ deps, principal }, { params }): Promise<PublicEndpointHours> {
      await getEndpoint(deps.database, principal, params.id);
      const hours = await measureHours(deps.database, principal, params.id);
      return { data: hours.map(({ at, ...counts }) => ({ at: at.toISOString(), ...counts })) };
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/webhooks/{id}/secret",
    operationId: "getWebhookSecret",
    tag,
    summary: "The secret of a webhook endpoint",
    scope: "manage",
    params,
    status: 200,
    response: publicEndpointSecret,
    async handle({ deps, principal }, { params }) {
      return await getEndpointSecret(deps, principal, params.id);
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/webhooks/{id}/rotate-secret",
    operationId: "rotateWebhookSecret",
    tag,
    summary: "Give a webhook endpoint its next secret",
    description:
      "While both are valid, reports carry a signature of each. Read the new one at its route. A secret before the last one ends at once.",
    scope: "manage",
    params,
    body: rotateSecretBody,
    status: 200,
    response: webhook,
    refusals: ["conflict"],
    idempotency: "stored",
    async handle({ deps, principal }, { params, body }) {
      return presentEndpoint(deps.sealer, await rotateEndpointSecret(deps, principal, params.id, body));
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/webhooks/{id}/test",
    operationId: "testWebhook",
    tag,
    summary: "Post an example of an event to a webhook endpoint",
    description: "It comes whether or not the endpoint asked for such events. How it went stands in its report.",
    scope: "manage",
    params,
    body: testEventBody,
    status: 202,
    response: publicReport,
    refusals: ["conflict"],
    idempotency: "stored",
    async handle({ deps, principal }, { params, body }) {
      return presentReport(await sendTestEvent(deps, principal, params.id, body));
    },
  }),
];
