import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { ceilingOf, monthOf, planOf } from "@tidings/shared/plans";
import { Refusal } from "@tidings/shared/refusals";
import { LRUCache } from "lru-cache";
import type { ReadyNotification } from "../notifications/read-request";
import type { Owner } from "../owner";
import { loadQuotaUse } from "./load-quota-use";

/** Who asks, and the plan they are on. */
export interface QuotaHolder extends Owner {
  plan: string;
}

export interface QuotaMeter {
  /**
   * Counts a notification that is about to be accepted, a unit for each of its channels. Answers at once, but for the
   * first of a tenant in a while, which waits for one query. Test mode and plans without a hard quota are not counted.
   * @throws {Refusal} thrown or rejected: `quota_exceeded`, with the seconds until the month is over; nothing is counted then
   */
  take(
    holder: QuotaHolder,
    notification: Pick<ReadyNotification, "channels" | "priority" | "sendAt">,
  ): undefined | Promise<undefined>;
}

export interface QuotaMeterDeps {
  database: Database;
  logger: Logger;
  now?: () => number;
}

/** How old a count may be before it is read again, beside the answers. */
const refreshMs = 5_000;
/** Reading a count takes no more than this share of the time: a tenant with very many schedules is counted less often. */
const loadShare = 0.05;
/** A count that is older than this, of a tenant that was silent, is not answered from. */
const maxAgeMs = 60_000;
/** Counts kept; each costs less than a kilobyte. */
const maxCounts = 20_000;

/** What is known of a tenant's month. */
interface Count {
  /** As it was read, by channel. */
  loaded: ReadonlyMap<string, number>;
  /** Taken by this process since that reading began. */
  since: Map<string, number>;
  /** Taken since the reading under way began. */
  next: Map<string, number>;
  loadedAt: number;
  /** When it is to be read again. */
  staleAt: number;
  loading: Promise<void> | null;
}

/**
 * Enforces hard quotas without asking the database for each notification: a process adds what it takes to a count that it
 * reads again every five seconds, up to a minute apart where reading is slow. What it cannot know is what other processes
 * took since then, and what was accepted just before the reading and is not routed yet: usually milliseconds' worth, at most
 * 20 seconds', for then the sweeper has listed it. So a hard quota is overshot by no more than the tenant may send between
 * two readings, and in 20 seconds more while routing stands still; with one process and routing on time, by nothing but the
 * notifications being written at that moment. A text of several segments counts as one until it was sent: by the rest of
 * those that are under way it is overshot as well.
 */
export function createQuotaMeter({ database, logger, now = Date.now }: QuotaMeterDeps): QuotaMeter {
  const counts = new LRUCache<string, Count>({ max: maxCounts });

  async function load(count: Count, tenantId: string, month: ReturnType<typeof monthOf>): Promise<void> {
    const began = now();
    count.next = new Map();
    try {
      count.loaded = await loadQuotaUse(database, tenantId, month);
      count.since = count.next;
      count.loadedAt = began;
    } finally {
      count.loading = null;
      const ended = now();
      count.staleAt = ended + Math.max(refreshMs, (ended - began) / loadShare);
    }
  }

  function countOf(tenantId: string, month: ReturnType<typeof monthOf>): Count {
    const key = `${tenantId} ${month.name}`;
    let count = counts.get(key);
    if (!count) {
      const empty = { loaded: new Map(), since: new Map(), next: new Map(), loading: null };
      count = { ...empty, loadedAt: Number.NEGATIVE_INFINITY, staleAt: 0 };
      counts.set(key, count);
    }
    const isTooOld = now() - count.loadedAt > maxAgeMs;
    if (!count.loading && (isTooOld || now() >= count.staleAt)) {
      count.loading = load(count, tenantId, month);
      // While the count is good enough nobody waits for the reading: its failure is told here alone.
      count.loading.catch((err: unknown) =>
        logger.warn({ err, tenantId }, "a quota could not be read; the last count stays"),
      );
    }
    return count;
  }

  return {
    take({ tenantId, mode, plan: planId }, { channels, priority, sendAt }) {
      if (mode === "test") return undefined;
      const plan = planOf(planId);
      const limited = channels.flatMap((channel) => {
        const ceiling = ceilingOf(plan, channel, priority);
        return ceiling === null ? [] : [{ channel, ceiling }];
      });
      if (limited.length === 0) return undefined;
      const month = monthOf(sendAt?.getTime() ?? now());
      const count = countOf(tenantId, month);
      const settle = (): undefined => {
        const full = limited.find(({ channel, ceiling }) => usedOf(count, channel) >= ceiling);
        if (full) throw refusal(full, month, now());
        for (const { channel } of limited) {
          count.since.set(channel, (count.since.get(channel) ?? 0) + 1);
          if (count.loading) count.next.set(channel, (count.next.get(channel) ?? 0) + 1);
        }
      };
      return count.loading && now() - count.loadedAt > maxAgeMs ? count.loading.then(settle) : settle();
    },
  };
}

function usedOf({ loaded, since }: Count, channel: string): number {
  return (loaded.get(channel) ?? 0) + (since.get(channel) ?? 0);
}

function refusal(
  { channel, ceiling }: { channel: string; ceiling: number },
  { name, endMs }: ReturnType<typeof monthOf>,
  nowMs: number,
): Refusal {
  return new Refusal("quota_exceeded", `The plan's ${ceiling} ${channel} units of ${name} are used up.`, {
    retryAfterSeconds: Math.max(1, Math.ceil((endMs - nowMs) / 1_000)),
  });
}
