import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";

/** What of the list stands in the address. */
export const deadLetterFilters = {
  q: parseAsString,
  tenant: parseAsString,
  state: parseAsStringLiteral(["waiting", "replayed"]),
};

/** The same, for the server. */
export const loadDeadLetterFilters = createLoader(deadLetterFilters);
