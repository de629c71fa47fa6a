import Stripe from "stripe";

/** The client of Stripe's API. */
export type StripeClient = Stripe;

/** Longest wait for an answer; Stripe's slowest are a few seconds. */
const timeoutMs = 15_000;

/**
 * Opens a client of Stripe's API; nothing is asked yet.
 * @param env settings as `stripeEnv` reads them
 * @returns null without a key: this Tidings is self-hosted
 */
export function connectStripe(env: {
  STRIPE_SECRET_KEY?: string | undefined;
  STRIPE_API_URL?: string | undefined;
}): StripeClient | null {
  if (!env.STRIPE_SECRET_KEY) return null;
  return new Stripe(env.STRIPE_SECRET_KEY, {
    timeout: timeoutMs,
    maxNetworkRetries: 2,
    telemetry: false,
    appInfo: { name: "Tidings" },
    ...(env.STRIPE_API_URL && addressOf(new URL(env.STRIPE_API_URL))),
  });
}

function addressOf({ protocol, hostname, port }: URL) {
  const isPlain = protocol === "http:";
  return {
    host: hostname,
    port: port || (isPlain ? 80 : 443),
    protocol: isPlain ? ("http" as const) : ("https" as const),
  };
}
