import { setTimeout as sleep } from "node:timers/promises";
import type { System } from "../load/system";

/** What was accepted and is not settled, as the processes count themselves: asking costs them next to nothing. */
export interface Backlog {
  size(): Promise<number>;
  /** Waits until it is empty. @throws {Error} when nothing has moved for a minute */
  drained(): Promise<void>;
}

const lookEveryMs = 50;
const stuckMs = 60_000;

/**
 * Begins to count, while nothing is under way. Holds for loads of one delivery a notification, and until the API or the
 * worker is restarted.
 */
export function startBacklog(system: System): Promise<Backlog> {
  return backlogOf(() => readDifference(system));
}

/** @param readDifference what came in less what is done with, from whenever it is counted */
export async function backlogOf(readDifference: () => Promise<number>): Promise<Backlog> {
  const before = await readDifference();
  const size = async () => (await readDifference()) - before;
  return {
    size,
    async drained() {
      let last = Number.NaN;
      let movedAt = performance.now();
      for (;;) {
        const left = await size();
        if (left <= 0) return;
        if (left !== last) movedAt = performance.now();
        else if (performance.now() - movedAt > stuckMs) throw new Error(`${left} are stuck`);
        last = left;
        await sleep(lookEveryMs);
      }
    },
  };
}

/** Notifications accepted less deliveries settled. */
async function readDifference({ stack: { metricsUrls } }: System): Promise<number> {
  // The settled first: what is settled in between was accepted too.
  const outcomes = /^tidings_outcome_total\{(?![^}]*status="QUEUED").*\} (\d+)$/gm;
  const settled = await Promise.all(
    [metricsUrls.worker, metricsUrls.urgentWorker].map((url) => readCounter(url, outcomes)),
  );
  const accepted = await readCounter(metricsUrls.api, /^tidings_accepted_total\S* (\d+)$/gm);
  return accepted - settled.reduce((sum, count) => sum + count, 0);
}

/** The sum of what a pattern finds among a process's metrics. */
export async function readCounter(url: string, pattern: RegExp): Promise<number> {
  const text = await (await fetch(url)).text();
  return [...text.matchAll(pattern)].reduce((sum, [, value]) => sum + Number(value), 0);
}
