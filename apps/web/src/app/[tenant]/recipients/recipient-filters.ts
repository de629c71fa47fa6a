import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";

/** What of the list of recipients stands in the address. */
export const recipientFilters = {
  q: parseAsString.withDefault(""),
  view: parseAsStringLiteral(["recipients", "erasures"]).withDefault("recipients"),
};

/** The same, for the server. */
export const loadRecipientFilters = createLoader(recipientFilters);
