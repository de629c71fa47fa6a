import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { Refusal } from "@tidings/shared/refusals";
import Stripe from "stripe";

/** Where Stripe tells what happened. */
export interface StripeDoor {
  /**
   * Takes an event: stored once, applied soon after by a consumer.
   * @param body as it came, to the byte
   * @param signature the header `Stripe-Signature`
   * @throws {Refusal} `event_forged` when the signature does not hold or is older than five minutes
   */
  take(body: Buffer, signature: string): Promise<void>;
}

/**
 * The door for Stripe's events.
 * @param secret what Stripe signs with; null: there is no Stripe, and no door
 */
export function createStripeDoor({
  database,
  secret,
  logger,
}: {
  database: Database;
  secret: string | null;
  logger: Logger;
}): StripeDoor | null {
  if (secret === null) return null;
  return {
    async take(body, signature) {
      const event = readEvent(body, signature, secret);
      const { count } = await database.stripeEvent.createMany({
        data: {
          id: event.id,
          type: event.type,
          customerId: customerIdOf(event.data.object),
          createdAt: new Date(event.created * 1_000),
        },
        skipDuplicates: true,
      });
      logger.info({ eventId: event.id, type: event.type, isNew: count === 1 }, "Stripe sent an event");
    },
  };
}

function readEvent(body: Buffer, signature: string, secret: string): Stripe.Event {
  try {
    return Stripe.webhooks.constructEvent(body, signature, secret);
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error;
    const reason = "it is not signed with this endpoint's secret, or was signed more than five minutes ago";
    throw new Refusal("event_forged", `The event was refused: ${reason}.`, { cause: error });
  }
}

/** The customer that an event's object is, or belongs to. */
function customerIdOf(object: { object?: string; id?: string; customer?: unknown }): string | null {
  if (object.object === "customer") return object.id ?? null;
  const customer = object.customer as string | { id: string } | null | undefined;
  return typeof customer === "object" ? (customer?.id ?? null) : (customer ?? null);
}
