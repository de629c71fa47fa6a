import { z } from "zod";

/** Settings of every process that asks Stripe. Without a key there is no billing, and nothing else changes. */
export const stripeEnv = {
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_/, "must be a secret or restricted key, sk_… or rk_…")
    .optional()
    .meta({ description: "Stripe's secret key; without it every tenant is self-hosted", example: "sk_live_…" }),
  STRIPE_API_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: "Where Stripe's API is, when it is not Stripe's own", example: "http://127.0.0.1:12111" }),
};

/** What Stripe signs its events with, for the process that takes them. */
export const stripeWebhookEnv = {
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_/, "must begin with whsec_")
    .optional()
    .meta({ description: "Signing secret of the webhook endpoint in Stripe's dashboard", example: "whsec_…" }),
};
