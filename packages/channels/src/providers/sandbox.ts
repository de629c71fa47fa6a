import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { defineProvider, type SendOptions, type SendOutcome } from "../provider";

/** How long a `slow` message takes, in milliseconds. */
const slowMs = 2_000;
/** What a `throttled` message asks to wait, in milliseconds. */
const throttledMs = 5_000;

/** What each word in an address brings about. docs/sandbox.md is the same table for people. */
const outcomes = new Map<string, (options: SendOptions) => SendOutcome | Promise<SendOutcome>>(
  Object.entries({
  delivered: sent,
  slow: (options) =>
    sleep(slowMs, undefined, { signal: options.signal }).then(
      () => sent(options),
      () => ({ kind: "deferred", reason: "sandbox: given up while the provider was slow", ambiguous: true }),
    ),
  flaky: (options) =>
    options.attempt < 3
      ? { kind: "deferred", reason: `sandbox: attempt ${options.attempt} fails, the third succeeds` }
      : sent(options),
  throttled: (options) =>
    options.attempt < 2
      ? { kind: "deferred", reason: "sandbox: 429 too many requests", retryAfterMs: throttledMs }
      : sent(options),
  unavailable: () => ({ kind: "deferred", reason: "sandbox: 503 the provider is down" }),
  timeout: () => ({ kind: "deferred", reason: "sandbox: no answer after the message was sent", ambiguous: true }),
  bounced: () => ({ kind: "rejected", reason: "sandbox: the address does not exist", addressDead: true }),
  rejected: () => ({ kind: "rejected", reason: "sandbox: the provider refuses this message" }),
}));

/** Fictitious numbers, one for each word. */
const wordsByNumber = new Map([
  ["+15005550001", "bounced"],
  ["+15005550002", "rejected"],
  ["+15005550003", "slow"],
  ["+15005550004", "flaky"],
  ["+15005550005", "throttled"],
  ["+15005550006", "delivered"],
  ["+15005550007", "timeout"],
  ["+15005550008", "unavailable"],
]);

/** Plays every outcome a provider can have, chosen by the address; what is sent goes nowhere. Test keys always end here. */
export const sandbox = defineProvider({
  id: "sandbox",
  channels: ["email", "sms", "whatsapp", "push", "in_app", "webhook"],
  config: z.strictObject({}),
  honoursIdempotencyKey: true,
  async connect() {
    return { send: async ({ to }, options) => (outcomes.get(wordOf(to)) ?? sent)(options) };
  },
});

/** `flaky` of `flaky+7@…`, of its number, of `sandbox-flaky…`, or of a URL whose path ends in `/flaky`. */
function wordOf(to: string): string {
  const number = wordsByNumber.get(to);
  if (number) return number;
  const word = /^sandbox-([a-z]+)/.exec(to) ?? /^https?:.*\/([a-z]+)$/.exec(to.split(/[?#]/, 1)[0] ?? "") ?? /^([a-z]+)(?:\+[^@]*)?@/.exec(to);
  return word?.[1] ?? "delivered";
}

function sent({ idempotencyKey }: SendOptions): SendOutcome {
  return { kind: "sent", providerMessageId: `sandbox-${idempotencyKey}` };
}
