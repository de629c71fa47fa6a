import { randomUUID } from "node:crypto";
import type { Redis } from "./redis";

/**
 * Notices a Redis that lost its data: a key is set once and must still be there.
 * @returns a function that says whether the key was gone since the last call, and sets it again
 */
export function watchQueueEpoch(redis: Redis, namespace: string): () => Promise<boolean> {
  const key = `{${namespace}}:epoch`;
  return async () => (await redis.set(key, randomUUID(), "NX")) === "OK";
}
