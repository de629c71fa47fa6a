import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "./redis";

/**
 * Share of its memory up to which Redis takes what is new. What stands in line needs the rest to get out: leases, jobs, the
 * buffers of connections. A Redis that is full refuses those as well, and then nothing would ever leave it.
 */
const mostUsed = 0.8;
const lookEveryMs = 1_000;

/** Whether Redis has room for more deliveries. */
export interface RedisRoom {
  /** Whether it is short of room, as of a second ago at most. */
  isShort(): Promise<boolean>;
  /**
   * Resolves at once where there is room, and else when there is.
   * @throws {Error} when `signal` aborts while there is none
   */
  wait(signal: AbortSignal): Promise<void>;
}

/** @param onTurn told when it runs short of room, and when it has some again */
export function createRedisRoom({ redis, onTurn }: { redis: Redis; onTurn(isShort: boolean): void }): RedisRoom {
  let isShort = false;
  let lookedAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<boolean> {
    if (performance.now() - lookedAt < lookEveryMs) return isShort;
    lookedAt = performance.now();
    const memory = await redis.info("memory");
    const bytesOf = (field: string) => Number(new RegExp(`^${field}:(\\d+)`, "m").exec(memory)?.[1] ?? 0);
    const most = bytesOf("maxmemory"); // 0: all of the machine's
    const wasShort = isShort;
    isShort = most > 0 && bytesOf("used_memory") > mostUsed * most;
    if (isShort !== wasShort) onTurn(isShort);
    return isShort;
  }

  return {
    isShort: look,
    async wait(signal) {
      while (await look()) await sleep(lookEveryMs, undefined, { signal });
    },
  };
}
