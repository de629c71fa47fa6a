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
      "Requests a second over all its keys (null: the platform's default) and deliveries a second by channel; a channel that is not listed has no limit of its own. The operator sets them.",
    scope: "manage",
    status: 200,
    response: publicLimits.meta({ id: "Limits" }),
    async handle({ deps, principal }) {
      return await getLimits(deps.database, principal.tenantId);
    },
  }),
];
