import { getLimits } from "@tidings/core/limits/get-limits";
import { publicLimits } from "@tidings/core/limits/limit-schemas";
import { defineRoute } from "../route";

export const limitRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/limits",
    operationId: "getLimits",
    tag: "Limits",
    summary: "How much the tenant may send",
    description:
      "Requests a second over all its keys (null: the platform's default), deliveries a second by channel, and the month's quotas with what is used of them. They come from the tenant's plan unless the operator set others, and its team may set lower ones: `setBy` tells which it is. A channel that is not listed is not limited.",
    scope: "manage",
    status: 200,
    response: publicLimits.meta({ id: "Limits" }),
    async handle({ deps, principal }) {
      return await getLimits(deps.database, principal.tenantId);
    },
  }),
];
