import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { Refusal } from "@tidings/shared/refusals";
import type { NotifyTeam } from "../tenants/notify-team";
import type { StripeClient } from "./connect-stripe";
import { createPriceBook, type PriceBook } from "./price-book";

/** What the verbs of billing work with. */
export interface Billing {
  readonly stripe: StripeClient;
  readonly prices: PriceBook;
  readonly database: Database;
  /** The console's address as browsers see it, without a slash at its end; Stripe's pages lead back there. */
  readonly consoleUrl: string;
  readonly notifyTeam: NotifyTeam;
  readonly logger: Logger;
  /** The time, in milliseconds. */
  readonly now: () => number;
}

/**
 * Billing by Stripe.
 * @param options.stripe null where there is none
 * @returns null without Stripe: this Tidings is self-hosted, and sells nothing
 */
export function createBilling({
  stripe,
  now = Date.now,
  ...options
}: Omit<Billing, "stripe" | "prices" | "now"> & {
  stripe: StripeClient | null;
  now?: Billing["now"];
}): Billing | null {
  return stripe && { stripe, prices: createPriceBook(stripe), now, ...options };
}

/**
 * Billing where it is needed.
 * @throws {Refusal} `conflict` on a Tidings that is self-hosted
 */
export function requireBilling(billing: Billing | null): Billing {
  if (billing) return billing;
  throw new Refusal("conflict", "This Tidings is self-hosted: there is nothing to buy and nothing to pay.");
}
