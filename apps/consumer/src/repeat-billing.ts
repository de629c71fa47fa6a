import { applyStripeEvents, keepBilling } from "@tidings/core/billing/apply-stripe-events";
import type { Billing } from "@tidings/core/billing/create-billing";
import { reportUsage } from "@tidings/core/billing/report-usage";
import { repeat } from "@tidings/runtime/repeat";

const eventsEveryMs = 1_000;
/** More often than an invoice waits for late units, which is an hour. */
const usageEveryMs = 5 * 60 * 1_000;
const forgetEveryMs = 60 * 60 * 1_000;

/**
 * Does what billing asks for again and again: applies Stripe's events, reports what was sent.
 * @returns stops it and waits for what is in hand
 */
export function repeatBilling(billing: Billing): () => Promise<unknown> {
  const onError = (words: string) => (err: unknown) => billing.logger.warn({ err }, words);
  const stops = [
    repeat(async () => void (await applyStripeEvents(billing)), {
      everyMs: eventsEveryMs,
      onError: onError("Stripe's events could not be read; trying again"),
    }),
    repeat(async () => void (await reportUsage(billing)), {
      everyMs: usageEveryMs,
      onError: onError("usage could not be reported; it stays noted, and is tried again"),
    }),
    repeat(() => keepBilling(billing), {
      everyMs: forgetEveryMs,
      onError: onError("old events of Stripe could not be forgotten; trying again in an hour"),
    }),
  ];
  return () => Promise.all(stops.map((stop) => stop()));
}
