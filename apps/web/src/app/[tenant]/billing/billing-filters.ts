import { createLoader, parseAsStringLiteral } from "nuqs/server";

/** What of the page stands in the address: how a checkout on Stripe's pages ended, which leads back here. */
export const billingFilters = { checkout: parseAsStringLiteral(["done", "canceled"]) };

/** The same, for the server. */
export const loadBillingFilters = createLoader(billingFilters);
