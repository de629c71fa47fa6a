import { cancelNotification } from "@tidings/core/notifications/cancel-notification";
import {
  batchExamples,
  documentedBatch,
  documentedNotification,
  notificationExamples,
} from "@tidings/core/notifications/documented-request";
import { getNotification } from "@tidings/core/notifications/get-notification";
import { listNotifications } from "@tidings/core/notifications/list-notifications";
import { notificationBatchBody } from "@tidings/core/notifications/notification-request";
import {
  notificationFilters,
  publicAcceptedBatch,
  publicAcceptedNotification,
  publicNotification,
  publicNotificationDetail,
} from "@tidings/core/notifications/notification-schemas";
import { presentNotification, presentNotificationDetail } from "@tidings/core/notifications/present-notification";
import { type ReadyNotification, readRequest } from "@tidings/core/notifications/read-request";
import { presentPage, readPage } from "@tidings/core/page";
import { type Problem, problemOf } from "@tidings/shared/problem";
import { Refusal } from "@tidings/shared/refusals";
import { z } from "zod";
import { idParams } from "../id-params";
import { pageSchema } from "../page-schema";
import { defineRoute, type RequestContext } from "../route";

const tag = "Notifications";

export const notificationRoutes = [
  defineRoute({
    method: "POST",
    path: "/v1/notifications",
    operationId: "sendNotification",
    tag,
    summary: "Send a notification",
    description:
      "Accepts one notification to one recipient. The answer comes once it is durably stored; it is delivered a moment later, or at `sendAt`.",
    scope: "send",
    // Read by `readRequest`, which sees the template too.
    body: z.unknown(),
    documentedBody: documentedNotification,
    examples: notificationExamples,
    status: 202,
    response: publicAcceptedNotification,
    refusals: [
      "template_not_found",
      "template_not_published",
      "missing_variable",
      "no_address",
      "send_at_out_of_range",
      "overloaded",
    ],
    idempotency: "handler",
    async handle({ deps, principal, requestId, idempotency }, { body }) {
      const { tenantId, mode } = principal;
      const notification = await readRequest({ templates: deps.templates, nowMs: Date.now }, tenantId, body);
      return await deps.accept.accept({ tenantId, mode, requestId, idempotency }, notification);
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/notifications/batch",
    operationId: "sendNotificationBatch",
    tag,
    summary: "Send up to 1,000 notifications",
    description:
      "Each item is checked on its own and has its own answer, in order. Good items are accepted when others are refused; when none is good, the whole is refused.",
    scope: "send",
    body: notificationBatchBody,
    documentedBody: documentedBatch,
    examples: batchExamples,
    status: 202,
    response: publicAcceptedBatch,
    refusals: ["overloaded"],
    idempotency: "handler",
    async handle(context, { body }) {
      const items = await Promise.all(body.notifications.map((item, index) => readItem(context, item, index)));
      const refused = items.flatMap((item) => ("error" in item ? [item] : []));
      if (refused.length === items.length) {
        throw new Refusal("invalid_body", "None of the notifications is valid.", {
          faults: refused.slice(0, 100).map(({ index, error }) => ({
            pointer: `/notifications/${index}${error.errors?.[0]?.pointer ?? ""}`,
            message: error.errors?.[0]?.message ?? error.detail,
          })),
        });
      }
      const { tenantId, mode } = context.principal;
      const { requestId, idempotency } = context;
      return { data: await context.deps.accept.acceptBatch({ tenantId, mode, requestId, idempotency }, items) };
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/notifications",
    operationId: "listNotifications",
    tag,
    summary: "List notifications, newest first",
    scope: "read",
    query: notificationFilters,
    status: 200,
    response: pageSchema(publicNotification),
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { query }) {
      const page = await listNotifications(deps.database, principal, query, readPage(query));
      return presentPage(page, presentNotification, (row) => row.id);
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/notifications/{id}",
    operationId: "getNotification",
    tag,
    summary: "The whole story of a notification",
    description: "Its deliveries, every attempt with the provider's words, and the timeline.",
    scope: "read",
    params: idParams("notification"),
    status: 200,
    response: publicNotificationDetail,
    async handle({ deps, principal }, { params }) {
      return presentNotificationDetail(await getNotification(deps.database, principal, params.id));
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/notifications/{id}/cancel",
    operationId: "cancelNotification",
    tag,
    summary: "Cancel a notification that is not being processed yet",
    scope: "send",
    params: idParams("notification"),
    status: 200,
    response: publicNotificationDetail,
    refusals: ["conflict"],
    async handle({ deps, principal }, { params }) {
      return presentNotificationDetail(await cancelNotification(deps.database, principal, params.id));
    },
  }),
];

/** One item of a batch, or the problem it would have been answered with alone. */
async function readItem(
  { deps, principal, requestId }: RequestContext,
  item: unknown,
  index: number,
): Promise<{ index: number; notification: ReadyNotification } | { index: number; error: Problem }> {
  try {
    const reading = { templates: deps.templates, nowMs: Date.now };
    return { index, notification: await readRequest(reading, principal.tenantId, item) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { index, error: problemOf(error, requestId) };
  }
}
