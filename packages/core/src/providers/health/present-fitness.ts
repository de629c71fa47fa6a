import type { PublicAccountHealth } from "../accounts/account-schemas";
import type { Fitness } from "./read-fitness";

/** How an account fares, as its tenant sees it. */
export function presentFitness({ state, circuit, today }: Fitness): PublicAccountHealth {
  if (!today) return { state, circuit, today };
  const { attempts, failed, medianMs, lastAt, lastError } = today;
  return {
    state,
    circuit,
    today: {
      attempts,
      failed,
      medianMs,
      lastAt: lastAt.toISOString(),
      lastError: lastError && { reason: lastError.reason, at: lastError.at.toISOString() },
    },
  };
}
