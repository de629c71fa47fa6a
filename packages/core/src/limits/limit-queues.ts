import { createFairQueue, type FairQueue } from "@tidings/runtime/fair-queue";
import type { Redis } from "@tidings/runtime/redis";

/** Where a limit takes effect. */
export interface LimitQueues {
  fairQueueOf(channel: string): Pick<FairQueue, "setRate" | "setRates">;
}

/** The channels' fair queues of an installation. */
export function limitQueues({ redis, namespace }: { redis: Redis; namespace: string }) {
  return { fairQueueOf: (channel: string) => createFairQueue(redis, namespace, channel) } satisfies LimitQueues;
}
