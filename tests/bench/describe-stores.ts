import { connectRedis } from "@tidings/runtime/redis";
import type { System } from "../load/system";

/** What a run was measured on, for its settings. */
export async function describeStores({ database, stack }: System): Promise<Record<string, string>> {
  const { redisUrl, eventLog } = stack.connection;
  const [postgres] = await database.$queryRaw<[{ version: string; commit: string; fsync: string }]>`
    SELECT current_setting('server_version') AS version, current_setting('synchronous_commit') AS commit,
      current_setting('fsync') AS fsync`;
  const redis = connectRedis(redisUrl, () => {});
  try {
    const info = await redis.info();
    const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? "";
    return {
      eventLog,
      postgres: `${postgres.version}, synchronous_commit ${postgres.commit}, fsync ${postgres.fsync}`,
      redis: `${field("redis_version")}, append-only file ${field("aof_enabled") === "1" ? "on" : "off"}`,
    };
  } finally {
    redis.disconnect();
  }
}
