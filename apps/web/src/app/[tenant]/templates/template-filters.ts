import { createLoader, parseAsString, parseAsStringEnum } from "nuqs/server";
import { channelNames } from "../../../shell/channel-names";

/** What of the list of templates stands in the address. */
export const templateFilters = {
  q: parseAsString,
  category: parseAsString,
  channel: parseAsStringEnum(Object.keys(channelNames)),
};

/** The same, for the server. */
export const loadTemplateFilters = createLoader(templateFilters);

/** As the procedure takes them. */
export function templateListInput(filters: { q: string | null; category: string | null; channel: string | null }) {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== null && value !== ""));
}
