import { pageQuery, presentPage, readPage } from "@tidings/core/page";
import { getReport } from "@tidings/core/reports/get-report";
import { listNotificationReports, listReports } from "@tidings/core/reports/list-reports";
import { presentReport, presentReportDetail } from "@tidings/core/reports/present-report";
import { recoverReports } from "@tidings/core/reports/recover-reports";
import { redeliverReport } from "@tidings/core/reports/redeliver-report";
import { replayReports } from "@tidings/core/reports/replay-reports";
import {
  publicRepetition,
  publicReport,
  publicReportDetail,
  repeatReportsBody,
  reportFilters,
} from "@tidings/core/reports/report-schemas";
import { bodySchemaOf, exampleOf, reportEvents, reportEventTypes } from "@tidings/shared/report-events";
import { z } from "zod";
import { idParams, idSchema } from "../id-params";
import { pageSchema } from "../page-schema";
import { defineRoute } from "../route";

const tag = "Webhooks";
const ofEndpoint = idParams("endpoint");
const params = idParams("report");

const publicEvent = z
  .object({
    type: z.enum(reportEventTypes),
    description: z.string(),
    schema: z.record(z.string(), z.unknown()).meta({ description: "JSON Schema of the body" }),
    example: z.record(z.string(), z.unknown()).meta({ description: "A whole body" }),
  })
  .meta({ id: "WebhookEvent" });

const catalogue = reportEventTypes.map((type) => ({
  type,
  description: reportEvents[type],
  schema: z.toJSONSchema(bodySchemaOf(type), { io: "input" }),
  example: exampleOf(type),
}));

export const reportRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/webhook-events",
    operationId: "listWebhookEvents",
    tag,
    summary: "Every event an endpoint can ask for",
    scope: "read",
    status: 200,
    response: z.object({ data: z.array(publicEvent) }),
    async handle() {
      return { data: catalogue };
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/webhooks/{id}/reports",
    operationId: "listReports",
    tag,
    summary: "List a webhook endpoint's reports, newest first",
    scope: "read",
    params: ofEndpoint,
    query: reportFilters.extend({ notificationId: idSchema("notification").optional() }),
    status: 200,
    response: pageSchema(publicReport),
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { params, query }) {
      const page = await listReports(deps.database, principal, params.id, query, readPage(query));
      return presentPage(page, presentReport, (row) => row.id);
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/notifications/{id}/reports",
    operationId: "listNotificationReports",
    tag,
    summary: "List a notification's reports to all endpoints, newest first",
    scope: "read",
    params: idParams("notification"),
    query: pageQuery,
    status: 200,
    response: pageSchema(publicReport),
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { params, query }) {
      const page = await listNotificationReports(deps.database, principal, params.id, readPage(query));
      return presentPage(page, presentReport, (row) => row.id);
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/webhooks/{id}/recover",
    operationId: "recoverReports",
    tag,
    summary: "Post again what failed since a time",
    description:
      "Every report of the endpoint that failed is tried once more, and every one that waits for its next attempt is tried now, oldest first, 10,000 by a request: while `hasMore`, send `nextCursor` along.",
    scope: "manage",
    params: ofEndpoint,
    body: repeatReportsBody,
    status: 200,
    response: publicRepetition,
    refusals: ["invalid_cursor", "conflict"],
    async handle({ deps, principal }, { params, body }) {
      return await recoverReports(deps, principal, params.id, body);
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/webhooks/{id}/replay",
    operationId: "replayReports",
    tag,
    summary: "Post what an endpoint was never told",
    description:
      "Of the notifications accepted since a time: what happened before the endpoint was made, while it was disabled, or before it asked for such events. Made anew from what is stored: each step of notifications and deliveries, and the first opening, click and complaint. Not to be had again are states that another replaced, and events about suppressions, endpoints and quotas. 5,000 notifications by a request: while `hasMore`, send `nextCursor` along. Doing it twice adds nothing.",
    scope: "manage",
    params: ofEndpoint,
    body: repeatReportsBody,
    status: 200,
    response: publicRepetition,
    refusals: ["invalid_cursor", "conflict"],
    async handle({ deps, principal }, { params, body }) {
      return await replayReports(deps, principal, params.id, body);
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/reports/{id}",
    operationId: "getReport",
    tag,
    summary: "A report: what is posted, and every try",
    scope: "read",
    params,
    status: 200,
    response: publicReportDetail,
    async handle({ deps, principal }, { params }) {
      return presentReportDetail(await getReport(deps.database, principal, params.id));
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/reports/{id}/redeliver",
    operationId: "redeliverReport",
    tag,
    summary: "Post a report once more",
    description: "Whatever became of it, also when it was delivered, and with the same webhook-id.",
    scope: "manage",
    params,
    status: 202,
    response: publicReport,
    refusals: ["conflict"],
    idempotency: "stored",
    async handle({ deps, principal }, { params }) {
      return presentReport(await redeliverReport(deps, principal, params.id));
    },
  }),
];
