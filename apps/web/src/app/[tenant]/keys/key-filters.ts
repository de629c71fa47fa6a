import { createLoader, parseAsBoolean } from "nuqs/server";

/** What of the list of keys stands in the address. */
export const keyFilters = { ended: parseAsBoolean.withDefault(false) };

/** The same, for the server. */
export const loadKeyFilters = createLoader(keyFilters);
