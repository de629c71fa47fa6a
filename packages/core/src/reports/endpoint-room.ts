import { LRUCache } from "lru-cache";

/** How many reports may be under way to one endpoint at once, by one worker: few until it has shown that it is quick. */
const mostAtOnce = { slow: 20, quick: 200 };
/** An endpoint is quick while its reports take less than this. */
const quickMs = 500;
/** A duration counts for so much of the mean. */
const newest = 0.2;
const firstGuessMs = 100;
const maxEndpoints = 10_000;
/** Wait of what is turned away: long enough that a dead endpoint's backlog costs little, short for one that recovers. */
const wait = { leastMs: 50, mostMs: 5 * 60_000 };

interface Endpoint {
  underWay: number;
  /** Turned away and not back yet: those behind them are told to come later still. */
  turnedAway: number;
  /** Null before the first was over. */
  meanMs: number | null;
  oldestAt: number[];
}

/**
 * Keeps an endpoint that is slow, or never answers, from taking the room of the others: few reports are under way to it,
 * and what comes beyond is told when there may be room, by how long it has taken so far.
 */
export function createEndpointRoom() {
  const endpoints = new LRUCache<string, Endpoint>({ max: maxEndpoints });

  function of(id: string): Endpoint {
    const known = endpoints.get(id);
    if (known) return known;
    const fresh = { underWay: 0, turnedAway: 0, meanMs: null, oldestAt: [] };
    endpoints.set(id, fresh);
    return fresh;
  }

  return {
    /** @returns null when there is room, which `leave` gives back; else in how many milliseconds to come again */
    enter(id: string, now = performance.now()): number | null {
      const endpoint = of(id);
      const soFarMs = now - (endpoint.oldestAt[0] ?? now);
      const isQuick = endpoint.meanMs !== null && Math.max(endpoint.meanMs, soFarMs) < quickMs;
      const most = isQuick ? mostAtOnce.quick : mostAtOnce.slow;
      if (endpoint.underWay < most) {
        endpoint.underWay += 1;
        endpoint.oldestAt.push(now);
        return null;
      }
      const eachMs = Math.max(endpoint.meanMs ?? firstGuessMs, soFarMs);
      const waitMs = Math.min(wait.mostMs, Math.max(wait.leastMs, ((endpoint.turnedAway + 1) / most) * eachMs));
      endpoint.turnedAway += 1;
      const back = setTimeout(() => {
        endpoint.turnedAway -= 1;
      }, waitMs);
      back.unref();
      return waitMs;
    },

    leave(id: string, durationMs: number): void {
      const endpoint = of(id);
      endpoint.underWay -= 1;
      endpoint.oldestAt.shift();
      endpoint.meanMs =
        endpoint.meanMs === null ? durationMs : endpoint.meanMs + newest * (durationMs - endpoint.meanMs);
    },
  };
}
