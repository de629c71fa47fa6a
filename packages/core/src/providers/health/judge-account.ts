import type { AccountHealth } from "@tidings/runtime/account-health";
import type { AttemptSummary } from "./recent-attempts";

export const accountStates = ["disabled", "failing", "degraded", "healthy", "unproven"] as const;
/** How an account is doing, in a word. */
export type AccountState = (typeof accountStates)[number];

/** From these shares on an account is degraded: of the last seconds with everybody, of the last day with one tenant. */
const degradedNow = 0.2;
const degradedToday = 0.1;

/**
 * Judges an account by what workers know of it now, and by what became of its attempts of the last day.
 * @param health null when it was not used for minutes, or when it can't be asked for
 * @param summary null without an attempt
 */
export function judgeAccount(
  enabled: boolean,
  health: AccountHealth | null,
  summary: AttemptSummary | null,
): AccountState {
  if (!enabled) return "disabled";
  if (health?.circuit === "open") return "failing";
  if (health?.circuit === "half-open" || (health && health.errorRate >= degradedNow)) return "degraded";
  if (!summary) return "unproven";
  if (summary.failed === summary.attempts) return "failing";
  return summary.failed / summary.attempts >= degradedToday ? "degraded" : "healthy";
}
