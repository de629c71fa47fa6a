import { findStoredAnswer } from "@tidings/core/idempotency/find-stored-answer";
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
  publicNotificationDetail,
  publicNotificationPage,
} from "@tidings/core/notifications/notification-schemas";
import { presentNotificationDetail, presentNotificationPage } from "@tidings/core/notifications/present-notification";
import { type ReadyNotification, readRequest } from "@tidings/core/notifications/read-request";
import { resendNotification } from "@tidings/core/notifications/resend-notification";
import { readPage } from "@tidings/core/page";
import type { AcceptContext } from "@tidings/core/pipeline/accept";
import { problemOf } from "@tidings/shared/problem";
import { Refusal } from "@tidings/shared/refusals";
import { z } from "zod";
import { idParams } from "../id-params";
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
      "quota_exceeded",
      "overloaded",
    ],
    idempotency: "handler",
    async handle(context, { body }) {
      try {
        const notification = await readWithinQuota(context, body);
        return await context.deps.accept.accept(acceptContextOf(context), notification);
      } catch (error) {
        return await answerOfEarlier(context, error);
      }
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
    refusals: ["quota_exceeded", "overloaded"],
    idempotency: "handler",
    async handle(context, { body }) {
      const read = await Promise.all(body.notifications.map((item, index) => readItem(context, item, index)));
      const refused = read.flatMap((item) => ("refusal" in item ? [item] : []));
      if (refused.length === read.length) {
        const [first] = refused;
        if (first && refused.every(({ refusal }) => refusal.code === "quota_exceeded")) {
          return { data: await answerOfEarlier(context, first.refusal) };
        }
        throw new Refusal("invalid_body", "None of the notifications is valid.", {
          faults: refused.slice(0, 100).map(({ index, refusal }) => ({
            pointer: `/notifications/${index}${refusal.faults[0]?.pointer ?? ""}`,
            message: refusal.faults[0]?.message ?? refusal.message,
          })),
        });
      }
      const items = read.map((item) =>
        "refusal" in item ? { index: item.index, error: problemOf(item.refusal, context.requestId) } : item,
      );
      return { data: await context.deps.accept.acceptBatch(acceptContextOf(context), items) };
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/notifications",
    operationId: "listNotifications",
    tag,
    summary: "List notifications, newest first",
    description:
      "Ids, addresses, recipients and request ids are found at once, however many notifications there are. Other filters are read back through time for a fraction of a second: a page may then hold fewer than `limit`, or none, while `hasMore` is true. `searchedTo` says how far it came, and `nextCursor` goes on from there.",
    scope: "read",
    query: notificationFilters,
    status: 200,
    response: publicNotificationPage,
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { query }) {
      const { limit, cursor, ...filters } = query;
      const page = await listNotifications(deps.database, principal, filters, readPage({ limit, cursor }));
      return presentNotificationPage(page);
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
      return presentNotificationDetail(await cancelNotification(deps, principal, params.id));
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/notifications/{id}/resend",
    operationId: "resendNotification",
    tag,
    summary: "Send a notification again",
    description:
      "Accepts a new notification with the same content or version of the template, recipient and data; its `resendOf` names the first. Refused while that one is still on its way, and when its person was erased.",
    scope: "send",
    params: idParams("notification"),
    status: 202,
    response: publicAcceptedNotification,
    refusals: ["conflict", "quota_exceeded", "overloaded"],
    idempotency: "handler",
    async handle(context, { params }) {
      const { deps, principal } = context;
      try {
        return await resendNotification(deps, { ...principal, ...acceptContextOf(context) }, params.id);
      } catch (error) {
        return await answerOfEarlier(context, error);
      }
    },
  }),
];

function acceptContextOf({ principal: { tenantId, mode }, requestId, idempotency }: RequestContext): AcceptContext {
  return { tenantId, mode, requestId, idempotency };
}

/** What single requests and items of batches pass alike before they are accepted. */
async function readWithinQuota({ deps, principal }: RequestContext, body: unknown): Promise<ReadyNotification> {
  const { templates, attachments } = deps;
  const notification = await readRequest({ templates, attachments, nowMs: Date.now }, principal.tenantId, body);
  await deps.quotas.take(principal, notification);
  return notification;
}

/** One item of a batch, or why it is refused. */
async function readItem(
  context: RequestContext,
  item: unknown,
  index: number,
): Promise<{ index: number; notification: ReadyNotification } | { index: number; refusal: Refusal }> {
  try {
    return { index, notification: await readWithinQuota(context, item) };
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return { index, refusal };
  }
}

/**
 * A request over the quota may be the repetition of one that was not: it gets that one's answer.
 * @throws the error itself in any other case
 */
async function answerOfEarlier({ deps, principal, idempotency }: RequestContext, error: unknown): Promise<unknown> {
  if (!(error instanceof Refusal) || error.code !== "quota_exceeded" || !idempotency) throw error;
  const answer = await findStoredAnswer(deps.database, principal, idempotency);
  if (answer === undefined) throw error;
  return answer;
}
