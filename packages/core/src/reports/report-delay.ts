const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

/** Waits after each attempt that failed: the first attempt is made at once, eight in all, within some 28 hours. */
const delaysMs = [5 * seconds, 5 * minutes, 30 * minutes, 2 * hours, 5 * hours, 10 * hours, 10 * hours];
/** Part of a wait that is left to chance, so that what failed together does not come back together. */
const jitter = 0.2;
/** Longest wait an endpoint may ask for with Retry-After. */
const longestAskedMs = 24 * hours;

/**
 * Wait before the next attempt at an endpoint; null when there is none.
 * @param attempt attempts made, counted from 1
 * @param askedMs what the endpoint asked for: never less than that
 */
export function reportDelayMs(attempt: number, askedMs: number | undefined, random = Math.random): number | null {
  const delayMs = delaysMs[attempt - 1];
  if (delayMs === undefined) return null;
  const jittered = delayMs * (1 - jitter / 2 + jitter * random());
  return Math.round(Math.max(jittered, Math.min(askedMs ?? 0, longestAskedMs)));
}
