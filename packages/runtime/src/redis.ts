import { Redis } from "ioredis";

export type { Redis };

/**
 * A Redis connection that waits for the server to come back instead of failing its commands, as BullMQ needs it.
 * @param onError told of each failed connection; without a listener ioredis would print them itself
 */
export function connectRedis(url: string, onError: (error: Error) => void): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    enableAutoPipelining: true,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
  });
  redis.on("error", onError);
  return redis;
}

/**
 * A Redis connection for work that is worth nothing late: commands fail at once while the server is away.
 * @param onError told of each failed connection
 */
export function connectRedisFailFast(url: string, onError: (error: Error) => void): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    connectTimeout: 2_000,
    commandTimeout: 1_000,
    retryStrategy: (times) => Math.min(times * 100, 1_000),
  });
  redis.on("error", onError);
  return redis;
}
