import { getLimits } from "@tidings/core/limits/get-limits";
import { limitQueues } from "@tidings/core/limits/limit-queues";
import { publicLimits, setChannelLimitBody, setRequestLimitBody } from "@tidings/core/limits/limit-schemas";
import { removeChannelLimit } from "@tidings/core/limits/remove-channel-limit";
import { setChannelLimit } from "@tidings/core/limits/set-channel-limit";
import { setOwnRequestLimit } from "@tidings/core/limits/set-own-request-limit";
import { channelSchema } from "@tidings/core/notifications/notification-request";
import { Refusal } from "@tidings/shared/refusals";
import { z } from "zod";
import { defineRoute } from "../route";

const params = z.object({ channel: channelSchema });

export const limitRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/limits",
    operationId: "getLimits",
    tag: "Limits",
    summary: "How much the tenant may send",
    description:
      "Requests a second over all its keys, deliveries a second by channel, and the month's quotas with what is used of them. They come from the tenant's plan unless the operator set others, or else from the platform, and its team may set lower ones: `requestsSetBy`, and `setBy` of a channel, tell which it is. A channel that is not listed is not limited.",
    scope: "manage",
    status: 200,
    response: publicLimits.meta({ id: "Limits" }),
    async handle({ deps, principal }) {
      return await getLimits(deps.database, principal.tenantId, deps.defaultRequestsPerSecond);
    },
  }),

  defineRoute({
    method: "PUT",
    path: "/v1/limits/requests",
    operationId: "setOwnRequestLimit",
    tag: "Limits",
    summary: "Allow the tenant's keys fewer requests a second",
    description:
      "All keys of both modes together: to no more than the operator, the plan or else the platform gives. Takes effect within a minute.",
    scope: "manage",
    body: setRequestLimitBody.meta({ id: "RequestLimit", example: { requestsPerSecond: 200 } }),
    status: 204,
    async handle({ deps, principal }, { body }) {
      const { database, defaultRequestsPerSecond } = deps;
      await setOwnRequestLimit(database, principal.tenantId, body.requestsPerSecond, defaultRequestsPerSecond);
    },
  }),

  defineRoute({
    method: "DELETE",
    path: "/v1/limits/requests",
    operationId: "removeOwnRequestLimit",
    tag: "Limits",
    summary: "Allow as many requests a second as were given",
    description: "Lifts the limit of the tenant's own; that of the operator, the plan or the platform stays.",
    scope: "manage",
    status: 204,
    refusals: ["not_found"],
    async handle({ deps, principal }) {
      const { database, defaultRequestsPerSecond } = deps;
      const before = await setOwnRequestLimit(database, principal.tenantId, null, defaultRequestsPerSecond);
      if (before === null) throw new Refusal("not_found", "The team has set no limit on requests.");
    },
  }),

  defineRoute({
    method: "PUT",
    path: "/v1/limits/channels/{channel}",
    operationId: "setOwnChannelLimit",
    tag: "Limits",
    summary: "Send slower on a channel",
    description:
      "Of both modes, to no more than the operator or else the plan gives. Takes effect at once, also for what already waits.",
    scope: "manage",
    params,
    body: setChannelLimitBody.meta({ id: "ChannelLimit", example: { perSecond: 20, burst: 40 } }),
    status: 204,
    async handle({ deps, principal }, { params, body }) {
      const limit = { tenantId: principal.tenantId, channel: params.channel, setBy: "team" } as const;
      await setChannelLimit({ ...deps, ...limitQueues(deps) }, limit, body);
    },
  }),

  defineRoute({
    method: "DELETE",
    path: "/v1/limits/channels/{channel}",
    operationId: "removeOwnChannelLimit",
    tag: "Limits",
    summary: "Send as fast on a channel as was given",
    description: "Lifts the limit of the tenant's own; that of the operator or the plan stays.",
    scope: "manage",
    params,
    status: 204,
    async handle({ deps, principal }, { params }) {
      const limit = { tenantId: principal.tenantId, channel: params.channel, setBy: "team" } as const;
      await removeChannelLimit({ ...deps, ...limitQueues(deps) }, limit);
    },
  }),
];
