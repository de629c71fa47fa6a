import type { StripeDoor } from "@tidings/core/billing/stripe-door";
import { Refusal } from "@tidings/shared/refusals";
import express, { type Express, type RequestHandler } from "express";

const path = "/stripe/webhooks";
/** Larger than any event of Stripe's. */
const maxBodyBytes = 1024 * 1024;

/** Serves `POST /stripe/webhooks`, where Stripe tells what became of subscriptions and payments. Without Stripe there is no such route. */
export function serveStripeWebhooks(app: Express, { stripe }: { stripe: StripeDoor | null }): void {
  if (!stripe) return;
  const take: RequestHandler = async (request, response) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    await stripe.take(body, request.get("stripe-signature") ?? "");
    response.type("text").send("");
  };
  app.post(path, express.raw({ type: () => true, limit: maxBodyBytes }), take);
  app.all(path, (_request, response) => {
    response.setHeader("Allow", "POST");
    throw new Refusal("method_not_allowed", "This route takes POST.");
  });
}
