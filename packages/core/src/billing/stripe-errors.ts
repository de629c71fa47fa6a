import { Refusal } from "@tidings/shared/refusals";
import Stripe from "stripe";

const { StripeAPIError, StripeCardError, StripeConnectionError, StripeRateLimitError } = Stripe.errors;

/** Whether Stripe could not be reached, or could not answer; what was asked may have been done all the same. */
export function isStripeAway(error: unknown): boolean {
  return (
    error instanceof StripeConnectionError || error instanceof StripeAPIError || error instanceof StripeRateLimitError
  );
}

/** Whether Stripe says that what was asked for is none of its own. */
export function isMissing(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing";
}

/** Whether Stripe refuses a meter event because it has one of this identifier: then the earlier one arrived. */
export function isKnownEvent(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    (error.code === "duplicate_meter_event" || /already exists with identifier/i.test(error.message))
  );
}

/**
 * Asks Stripe on behalf of a person.
 * @throws {Refusal} `unavailable` when Stripe is away, `conflict` in Stripe's words when the payment did not go through
 */
export async function askStripe<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (isStripeAway(error)) {
      const options = { retryAfterSeconds: 10, cause: error };
      throw new Refusal("unavailable", "Stripe does not answer at the moment; nothing was changed here.", options);
    }
    if (error instanceof StripeCardError) {
      throw new Refusal("conflict", `The payment did not go through: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
