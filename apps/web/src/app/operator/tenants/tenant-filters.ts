import { planIds } from "@tidings/shared/plans";
import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";

/** What of the list stands in the address. */
export const tenantFilters = { q: parseAsString, plan: parseAsStringLiteral(planIds) };

/** The same, for the server. */
export const loadTenantFilters = createLoader(tenantFilters);
