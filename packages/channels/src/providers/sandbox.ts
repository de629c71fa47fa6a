import { setTimeout as sleep } from "node:timers/promises";
import { countSmsSegments } from "@tidings/shared/sms-segments";
import { z } from "zod";
import type { SmsContent } from "../channels/sms";
import { defineProvider, type OutboundMessage, type SendOptions, type SendOutcome } from "../provider";

/** How long a `slow` message takes, in milliseconds. */
const slowMs = 2_000;
/** What a `throttled` message asks to wait, in milliseconds. */
const throttledMs = 5_000;

type Outcome = (sent: SendOutcome, options: SendOptions) => SendOutcome | Promise<SendOutcome>;

/** What each word in an address brings about; docs/sandbox.md is this table for people. */
const outcomes: ReadonlyMap<string, Outcome> = new Map<string, Outcome>([
  ["delivered", (sent) => sent],
  [
    "slow",
    (sent, { signal }) => sleep(slowMs, sent, { signal }).catch(() => deferred("given up while slow", ambiguous)),
  ],
  ["flaky", (sent, { attempt }) => (attempt < 3 ? deferred(`attempt ${attempt} fails, the third succeeds`) : sent)],
  [
    "throttled",
    (sent, { attempt }) => (attempt < 2 ? deferred("429 too many requests", { retryAfterMs: throttledMs }) : sent),
  ],
  ["unavailable", () => deferred("503 the provider is down")],
  ["timeout", () => deferred("no answer after the message was sent", ambiguous)],
  ["bounced", () => rejected("the address does not exist", { addressDead: true })],
  ["rejected", () => rejected("the provider refuses this message")],
]);
const ambiguous = { ambiguous: true };

/** Fictitious numbers, one for each word. */
const wordsByNumber: ReadonlyMap<string, string> = new Map([
  ["+15005550001", "bounced"],
  ["+15005550002", "rejected"],
  ["+15005550003", "slow"],
  ["+15005550004", "flaky"],
  ["+15005550005", "throttled"],
  ["+15005550006", "delivered"],
  ["+15005550007", "timeout"],
  ["+15005550008", "unavailable"],
]);

/** Plays every outcome a provider can have, chosen by the address. What is sent goes nowhere; test keys always end here. */
export const sandbox = defineProvider({
  id: "sandbox",
  name: "Sandbox",
  channels: ["email", "sms", "whatsapp", "push", "in_app", "webhook", "chat"],
  config: z.strictObject({}),
  honoursIdempotencyKey: true,
  sendsAttachments: true,
  async connect() {
    return {
      async send(message, options) {
        const play = outcomes.get(wordOf(message.to));
        const sent = sentAs(message, options);
        return play ? play(sent, options) : sent;
      },
    };
  },
});

/** `flaky` of `flaky@…`, `flaky+7@…` or its number, of `sandbox-flaky…`, or of a URL whose path ends in `/flaky`. */
function wordOf(to: string): string {
  const [address = ""] = to.split(/[?#]/, 1);
  const [, word] =
    /^sandbox-([a-z]+)/.exec(address) ??
    /^https?:.*\/([a-z]+)$/.exec(address) ??
    /^([a-z]+)(?:\+[^@]*)?@/.exec(address) ??
    [];
  return wordsByNumber.get(to) ?? word ?? "delivered";
}

function sentAs({ channel, content }: OutboundMessage, { idempotencyKey }: SendOptions): SendOutcome {
  const units = channel === "sms" ? countSmsSegments((content as SmsContent).text).segments : 1;
  return { kind: "sent", providerMessageId: `sandbox-${idempotencyKey}`, units };
}

function deferred(reason: string, more: { retryAfterMs?: number; ambiguous?: boolean } = {}): SendOutcome {
  return { kind: "deferred", reason: `sandbox: ${reason}`, ...more };
}

function rejected(reason: string, more: { addressDead?: boolean } = {}): SendOutcome {
  return { kind: "rejected", reason: `sandbox: ${reason}`, ...more };
}
