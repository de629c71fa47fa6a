import type { SendOutcome } from "@tidings/channels/provider";
import { priorities } from "@tidings/shared/priorities";
import { backoffMs } from "./backoff";

/** What became of an attempt, as it is recorded. */
export interface AttemptResult {
  outcome: "sent" | "deferred" | "busy" | "skipped" | "rejected" | "unknown";
  /** What the delivery becomes by it. */
  status: "SENT" | "QUEUED" | "SKIPPED" | "FAILED" | "UNKNOWN";
  reason: string | null;
  providerMessageId: string | null;
  units: number;
  /** Until the next attempt; null when there is none. */
  retryInMs: number | null;
  addressDead: boolean;
}

export interface AttemptFacts {
  round: number;
  maxAttempts: number;
  priority: number;
  honoursIdempotencyKey: boolean;
  /** Whether an earlier attempt may have gone through. */
  isInDoubt: boolean;
}

/** Mean wait until an account that had no connection free is tried again, where it does not tell when. */
const busyMs = 1_000;

/** Whether trying again could send a second time and that is worse than perhaps not sending: for bulk it is. */
export function mustNotRepeat({
  priority,
  honoursIdempotencyKey,
}: Pick<AttemptFacts, "priority" | "honoursIdempotencyKey">): boolean {
  return !honoursIdempotencyKey && priorities[priority] === "low";
}

/** What an attempt's outcome makes of its delivery. Pure but for the jitter of the wait. */
export function decideOutcome(
  facts: AttemptFacts,
  sent: SendOutcome | { kind: "skipped"; reason: string },
  random: () => number = Math.random,
): AttemptResult {
  const none = { reason: null, providerMessageId: null, units: 0, retryInMs: null, addressDead: false };
  switch (sent.kind) {
    case "sent": {
      const { providerMessageId, units = 1 } = sent;
      return { ...none, outcome: "sent", status: "SENT", providerMessageId, units };
    }
    case "busy":
      return {
        ...none,
        outcome: "busy",
        status: "QUEUED",
        reason: sent.reason,
        retryInMs: sent.retryAfterMs ?? Math.round(busyMs * (0.5 + random())),
      };
    case "skipped": {
      const { reason } = sent;
      if (!facts.isInDoubt) return { ...none, outcome: "skipped", status: "SKIPPED", reason };
      const both = `${reason}; an attempt before may have gone through`;
      return { ...none, outcome: "skipped", status: "UNKNOWN", reason: both };
    }
    case "rejected": {
      const { reason, addressDead = false } = sent;
      const status = facts.isInDoubt ? "UNKNOWN" : "FAILED"; // refused as a repetition that differs, perhaps
      return { ...none, outcome: "rejected", status, reason, addressDead };
    }
    case "deferred": {
      const { reason, retryAfterMs, ambiguous = false } = sent;
      if (ambiguous && (mustNotRepeat(facts) || facts.round >= facts.maxAttempts))
        return { ...none, outcome: "unknown", status: "UNKNOWN", reason };
      if (facts.round >= facts.maxAttempts)
        return { ...none, outcome: "deferred", status: facts.isInDoubt ? "UNKNOWN" : "FAILED", reason };
      const retryInMs = backoffMs(facts.round, retryAfterMs, random);
      return { ...none, outcome: ambiguous ? "unknown" : "deferred", status: "QUEUED", reason, retryInMs };
    }
  }
}
