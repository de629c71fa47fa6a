/**
 * Wait before the next attempt: exponential with full jitter
 * ({@link https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/}), never sooner than the provider asks.
 * @param attempt attempts already made, counted from 1
 * @param retryAfterMs what the provider asked for; bounded to an hour
 * @param random in [0, 1)
 * @returns milliseconds: at least 100, at most `capMs` unless the provider asked for more
 * @throws {RangeError} when `attempt` < 1 (our bug, never the provider's)
 */
export function backoffMs(attempt: number, retryAfterMs = 0, random: () => number = Math.random): number {
  if (attempt < 1) throw new RangeError(`attempt ${attempt} is not counted from 1`);
  const ceiling = Math.min(capMs, baseMs * 2 ** (attempt - 1));
  const jittered = minMs + random() * (ceiling - minMs);
  return Math.round(Math.max(jittered, Math.min(retryAfterMs, maxRetryAfterMs)));
}

const minMs = 100;
const baseMs = 1_000;
const capMs = 10 * 60_000;
const maxRetryAfterMs = 60 * 60_000;
