import { getUsage } from "@tidings/core/usage/get-usage";
import { publicUsage, usageQuery } from "@tidings/core/usage/usage-schemas";
import { defineRoute } from "../route";

export const usageRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/usage",
    operationId: "getUsage",
    tag: "Usage",
    summary: "What was used, day by day or in sum",
    description:
      "Adds up deliveries of the key's mode over a span of days in UTC, this month unless told. Days and groups with nothing in them have no row; without `groupBy` there is exactly one.",
    scope: "read",
    query: usageQuery,
    status: 200,
    response: publicUsage,
    async handle({ deps, principal }, { query }) {
      return await getUsage(deps.database, principal, query);
    },
  }),
];
