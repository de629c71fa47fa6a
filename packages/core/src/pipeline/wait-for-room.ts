import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "@tidings/runtime/logger";
import type { ChannelQueues } from "./enqueue";

export interface WaitForRoomDeps {
  queues: ReadonlyMap<string, Pick<ChannelQueues, "fair">>;
  /** Most deliveries that may wait in all fair queues together. */
  most: number;
  logger: Logger;
}

/** How often the queues are counted while batches come, and while they are full. */
const countEveryMs = 1_000;

/**
 * Holds routing up while the fair queues hold as much as Redis was given memory for: what is not routed waits in the event
 * log, where it costs disk. They are counted once a second at most, so they may be overshot by what is routed in a second.
 * @returns a function that resolves when there is room
 */
export function createWaitForRoom({ queues, most, logger }: WaitForRoomDeps) {
  let countedAt = Number.NEGATIVE_INFINITY;
  let counting: Promise<number> = Promise.resolve(0);

  async function count(): Promise<number> {
    const waiting = await Promise.all([...queues.values()].map(({ fair }) => fair.waiting()));
    return waiting.reduce((sum, of) => sum + of, 0);
  }

  function waiting(): Promise<number> {
    const now = performance.now();
    if (now - countedAt >= countEveryMs) {
      countedAt = now;
      counting = count();
    }
    return counting;
  }

  /** @throws {Error} the reason of `signal` when it aborts first, or Redis' when it can't be asked */
  return async function waitForRoom(signal: AbortSignal): Promise<void> {
    for (let isTold = false; (await waiting()) >= most; isTold = true) {
      if (!isTold) logger.warn({ most }, "the fair queues are full: routing waits until some of them is sent");
      await sleep(countEveryMs, undefined, { signal });
    }
  };
}
