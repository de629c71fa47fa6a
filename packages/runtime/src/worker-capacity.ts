import { channelTag, type Lanes } from "./fair-queue";
import type { Redis } from "./redis";
import { defineScript } from "./redis-script";
import { within } from "./within";

/** How long an announcement counts. A worker that is gone is forgotten after it. */
const ttlMs = 15_000;

/** Longest a process that ends waits for its capacity to be taken back. */
const stopWithinMs = 1_000;

/** KEYS[1]: hash worker → "<expires at, seconds> <capacity>". Answers the sum over workers that are still there. */
const sumScript = defineScript(`
local now = tonumber(redis.call('TIME')[1])
local all, sum = redis.call('HGETALL', KEYS[1]), 0
for i = 1, #all, 2 do
  local expires, capacity = string.match(all[i + 1], '(%d+) (%d+)')
  if tonumber(expires) < now then redis.call('HDEL', KEYS[1], all[i]) else sum = sum + tonumber(capacity) end
end
return sum`);

const announceScript = defineScript(`
redis.call('HSET', KEYS[1], ARGV[1], (redis.call('TIME')[1] + ARGV[3]) .. ' ' .. ARGV[2])`);

const keyOf = (namespace: string, channel: string, lane: keyof Lanes) =>
  `${channelTag(namespace, channel)}:capacity:${lane}`;

/** Deliveries of a channel that all workers together can have in hand at once. */
export async function workerCapacity(redis: Redis, namespace: string, channel: string): Promise<Lanes> {
  const sumOf = async (lane: keyof Lanes) => Number(await sumScript(redis, [keyOf(namespace, channel, lane)], []));
  const [urgent, others] = await Promise.all([sumOf("urgent"), sumOf("others")]);
  return { urgent, others };
}

/**
 * Keeps telling the consumers how much a worker can have in hand.
 * @returns stops it and takes the worker's capacity back
 */
export function announceCapacity(options: {
  redis: Redis;
  namespace: string;
  workerId: string;
  channels: readonly string[];
  /** Those it serves. */
  lanes: readonly (keyof Lanes)[];
  /** Deliveries of each channel and lane it can have in hand. */
  capacity: number;
  onError(error: unknown): void;
}): () => Promise<void> {
  const { redis, namespace, workerId, channels, lanes, capacity, onError } = options;
  const keys = channels.flatMap((channel) => lanes.map((lane) => keyOf(namespace, channel, lane)));
  async function announce(): Promise<void> {
    await Promise.all(keys.map((key) => announceScript(redis, [key], [workerId, capacity, ttlMs / 1_000])));
  }
  void announce().catch(onError);
  const timer = setInterval(() => void announce().catch(onError), ttlMs / 3);
  return async () => {
    clearInterval(timer);
    // A Redis that is away forgets it by itself: nothing waits for it while the process ends.
    await within(stopWithinMs, Promise.all(keys.map((key) => redis.hdel(key, workerId)))).catch(onError);
  };
}
