import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { channelNames } from "../../../shell/channel-names";
import { reasonWords, type SuppressionReason } from "./suppression-words";

/** What of the list stands in the address. An empty category means: those that hold for every category. */
export const suppressionFilters = {
  q: parseAsString,
  channel: parseAsStringLiteral(Object.keys(channelNames)),
  reason: parseAsStringLiteral(Object.keys(reasonWords) as SuppressionReason[]),
  category: parseAsString,
};

/** The same, for the server. */
export const loadSuppressionFilters = createLoader(suppressionFilters);

/** The filters as the server takes them: without those that are not set. */
export function filtersOf<Filters extends Record<string, string | null>>(filters: Filters) {
  return Object.fromEntries(
    Object.entries(filters).filter(([name, value]) => value !== null && (value !== "" || name === "category")),
  ) as {
    [Name in keyof Filters]?: NonNullable<Filters[Name]>;
  };
}
