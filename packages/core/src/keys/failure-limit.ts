import { Refusal } from "@tidings/shared/refusals";
import { LRUCache } from "lru-cache";

export interface FailureLimit {
  /** @throws {Refusal} `rate_limited`, with the seconds until the window is over, when `name` has failed too often */
  check(name: string): void;
  count(name: string): void;
  /** Takes one count back. */
  forgive(name: string): void;
  /** Takes all counts back. */
  forget(name: string): void;
}

export interface FailureLimitOptions {
  /** Failures of one name that are let through in a window. */
  most: number;
  windowMs: number;
  /** A sentence for whoever is refused. */
  message: string;
  now: () => number;
}

/** Names remembered at once: the longest unheard of is forgotten first. */
const maxNames = 10_000;

/** Counts failures by name in windows that begin with a name's first failure. Of this process only. */
export function createFailureLimit({ most, windowMs, message, now }: FailureLimitOptions): FailureLimit {
  const windows = new LRUCache<string, { failures: number; endsAt: number }>({ max: maxNames });

  function windowOf(name: string) {
    const window = windows.get(name);
    return window && window.endsAt > now() ? window : undefined;
  }

  return {
    check(name) {
      const window = windowOf(name);
      if (!window || window.failures < most) return;
      const retryAfterSeconds = Math.ceil((window.endsAt - now()) / 1_000);
      throw new Refusal("rate_limited", message, { retryAfterSeconds });
    },
    count(name) {
      const window = windowOf(name);
      if (window) window.failures += 1;
      else windows.set(name, { failures: 1, endsAt: now() + windowMs });
    },
    forgive(name) {
      const window = windowOf(name);
      if (window) window.failures -= 1;
    },
    forget: (name) => void windows.delete(name),
  };
}
