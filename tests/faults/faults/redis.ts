import { mkdirSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { connectRedis, type Redis } from "@tidings/runtime/redis";
import type { System } from "../../load/system";
import type { Fault } from "../fault";
import { perSecond } from "../load";
import { ours, without } from "../take-away";
import { fillDisk, onSmallDisk, whyNoSmallDisk } from "./small-disk";

const awaySeconds = 20;
const fullSeconds = 10;
/** What of its memory Redis uses as the load begins: over what it takes new deliveries with. */
const usedShare = 0.9;
/** Promised of a Redis that was emptied. */
const recoversWithinSeconds = 60;

/** Redis holds no truth: it may lose everything, and the queues are made anew from Postgres. */
export const redisFaults: readonly Fault[] = [
  {
    name: "redis-flushed",
    does: "FLUSHALL",
    recoversWithinSeconds,
    strike: ({ system }) => ask(system, (redis) => redis.flushall()),
  },
  {
    name: "redis-restarted-empty",
    does: "kill -9 of Redis, which comes back without its append-only file",
    recoversWithinSeconds,
    async strike({ system }) {
      const dir = await dataDir(system);
      await without(redisOf(system), async () => {
        rmSync(dir, { recursive: true });
        mkdirSync(dir);
      });
    },
  },
  {
    name: "redis-gone",
    does: `kill -9 of Redis, which stays away for ${awaySeconds} s`,
    lastsSeconds: awaySeconds,
    strike: ({ system }) => without(redisOf(system), () => sleep(awaySeconds * 1_000)),
  },
  {
    name: "redis-disk-full",
    does: `The disk of Redis' append-only file is full for ${fullSeconds} s`,
    lastsSeconds: fullSeconds,
    unplayable: whyNoSmallDisk,
    prepare: async (system) => onSmallDisk(redisOf(system), await dataDir(system)),
    async strike({ system }) {
      const dir = await dataDir(system);
      const free = fillDisk(dir);
      await sleep(fullSeconds * 1_000);
      const persistence = await ask(system, (redis) => redis.info("persistence"));
      free();
      if (!persistence.includes("aof_last_write_status:err"))
        throw new Error("Redis did not notice that its disk was full");
    },
  },
  {
    name: "redis-memory-short",
    does: `Redis has used nine tenths of its memory for ${fullSeconds} s`,
    lastsSeconds: fullSeconds,
    async strike({ system }) {
      await ask(system, async (redis) => {
        const used = Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
        await redis.config("SET", "maxmemory", Math.round(used / usedShare));
      });
      await sleep(fullSeconds * 1_000);
      const published = await system.database.notification.count({ where: { status: "PENDING" } });
      const queued = await system.database.delivery.count({ where: { status: "QUEUED", nextAttemptAt: null } });
      await ask(system, (redis) => redis.config("SET", "maxmemory", 0));
      if (published < (perSecond * fullSeconds) / 2) throw new Error("the consumer went on as if Redis had room");
      if (queued > 0) throw new Error(`${queued} that stood in line were held too`);
    },
  },
];

function redisOf({ stack }: System) {
  return ours(stack.services.redis, "Redis");
}

async function dataDir(system: System): Promise<string> {
  const [, dir] = (await ask(system, (redis) => redis.config("GET", "dir"))) as [string, string];
  return dir;
}

async function ask<Answer>({ stack }: System, question: (redis: Redis) => Promise<Answer>): Promise<Answer> {
  const redis = connectRedis(stack.connection.redisUrl, () => {}); // it waits until Redis is there
  try {
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}
