import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";

/** What usage is told apart by. */
export const usageGroups = ["channel", "provider", "category"] as const;
export type UsageGroup = (typeof usageGroups)[number];

/** What of the page stands in the address. */
export const usageFilters = {
  time: parseAsString.withDefault("month"),
  by: parseAsStringLiteral(usageGroups).withDefault("channel"),
};

/** The same, for the server. */
export const loadUsageFilters = createLoader(usageFilters);
