import { randomUUID } from "node:crypto";
import type { Redis } from "./redis";

/** Tells a Redis that has lost its data: a key that was set once must still be there. */
export interface QueueEpoch {
  isGone(): Promise<boolean>;
  /** To be called once what was lost is known: until then every process sees that it is gone. */
  begin(): Promise<void>;
}

export function createQueueEpoch(redis: Redis, namespace: string): QueueEpoch {
  const key = `{${namespace}}:epoch`;
  return {
    isGone: async () => (await redis.exists(key)) === 0,
    async begin() {
      await redis.set(key, randomUUID());
    },
  };
}
