import { LRUCache } from "lru-cache";

/** How many reports may be under way to one endpoint at once, by one worker. */
const atOnce = { least: 20, most: 200 };
/** Reports under way × how long each takes: what an endpoint may hold, so that one that takes half a second gets the most. */
const holdsMs = 100_000;
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
  /** When those being posted were begun, the oldest first. */
  posting: Map<Stay, number>;
}

/** A report that has room. */
export interface Stay {
  /** It is being posted from now on: what it waited for before was not the endpoint. */
  begin(now?: number): void;
  /** Gives the room back. */
  leave(now?: number): void;
}

/**
 * Keeps an endpoint that is slow, or never answers, from taking the room of the others: the longer it takes, the fewer
 * reports are under way to it, and what comes beyond is told when there may be room, by how long it has taken so far. All
 * whose answers take five seconds, and those that have not answered yet, share a part of a worker's room, so that those that
 * answer have the rest; one that hangs after it was quick counts as slow from its first time limit on. Beyond that part a new
 * one is posted one report, which shows what it is.
 * @param slowAtOnce reports under way at once to all that are slow or have not answered yet
 */
export function createEndpointRoom(slowAtOnce: number) {
  const endpoints = new LRUCache<string, Endpoint>({ max: maxEndpoints });
  let slowUnderWay = 0;

  function of(id: string): Endpoint {
    const known = endpoints.get(id);
    if (known) return known;
    const fresh: Endpoint = { underWay: 0, turnedAway: 0, meanMs: null, posting: new Map() };
    endpoints.set(id, fresh);
    return fresh;
  }

  return {
    /** @returns a stay when there is room; else in how many milliseconds to come again */
    enter(id: string, now = performance.now()): Stay | { comeBackMs: number } {
      const endpoint = of(id);
      const [oldestAt = now] = endpoint.posting.values();
      const soFarMs = now - oldestAt;
      const most = mostFor(endpoint.meanMs === null ? null : Math.max(endpoint.meanMs, soFarMs));
      const isSlow = mostFor(endpoint.meanMs) === atOnce.least; // by its answers, so that one that hangs is no matter
      const isFull = isSlow && slowUnderWay >= slowAtOnce && (endpoint.meanMs !== null || endpoint.underWay > 0);
      if (isFull || endpoint.underWay >= most) {
        const eachMs = Math.max(endpoint.meanMs ?? firstGuessMs, soFarMs);
        return { comeBackMs: turnAway(endpoint, eachMs / most) };
      }
      endpoint.underWay += 1;
      if (isSlow) slowUnderWay += 1;
      const stay: Stay = {
        begin: (at = performance.now()) => void endpoint.posting.set(stay, at),
        leave(at = performance.now()) {
          endpoint.underWay -= 1;
          if (isSlow) slowUnderWay -= 1;
          const begunAt = endpoint.posting.get(stay);
          if (begunAt === undefined) return; // it was nobody's to post
          endpoint.posting.delete(stay);
          const { meanMs } = endpoint;
          const tookMs = at - begunAt;
          endpoint.meanMs = meanMs === null ? tookMs : meanMs + newest * (tookMs - meanMs);
        },
      };
      return stay;
    },
  };
}

function mostFor(eachMs: number | null): number {
  if (eachMs === null) return atOnce.least;
  return Math.min(atOnce.most, Math.max(atOnce.least, Math.floor(holdsMs / Math.max(1, eachMs))));
}

function turnAway(endpoint: Endpoint, pauseMs: number): number {
  const waitMs = Math.min(wait.mostMs, Math.max(wait.leastMs, (endpoint.turnedAway + 1) * pauseMs));
  endpoint.turnedAway += 1;
  const back = setTimeout(() => {
    endpoint.turnedAway -= 1;
  }, waitMs);
  back.unref();
  return waitMs;
}
