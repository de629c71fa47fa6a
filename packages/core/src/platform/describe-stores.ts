import type { Database } from "@tidings/db/client";
import type { Redis } from "@tidings/runtime/redis";

/** What Postgres holds. */
export interface PostgresState {
  sizeBytes: number;
  connections: number;
  maxConnections: number;
  /** The largest, those that are cut into weeks as one. */
  tables: { name: string; sizeBytes: number }[];
}

/** What Redis holds. */
export interface RedisState {
  usedBytes: number;
  /** Null: as much as its machine has. */
  maxBytes: number | null;
  /** Keys it threw away for want of room since it started: any is one too many. */
  evicted: number;
  /** What it does when it is full. Anything but `noeviction` loses queue entries. */
  policy: string;
}

const tablesShown = 6;

export async function describePostgres(database: Database): Promise<PostgresState> {
  const [[facts], tables] = await Promise.all([
    database.$queryRaw<[Omit<PostgresState, "tables">]>`
      SELECT pg_database_size(current_database())::float8 AS "sizeBytes",
        (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
        current_setting('max_connections')::int AS "maxConnections"`,
    database.$queryRaw<PostgresState["tables"]>`
      SELECT coalesce(parent.relname, c.relname) AS name, sum(pg_total_relation_size(c.oid))::float8 AS "sizeBytes"
      FROM pg_class AS c
      LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid
      LEFT JOIN pg_class AS parent ON parent.oid = i.inhparent
      WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
      GROUP BY 1 ORDER BY 2 DESC LIMIT ${tablesShown}`,
  ]);
  return { ...facts, tables };
}

/** @throws when Redis is away */
export async function describeRedis(redis: Redis): Promise<RedisState> {
  const fields = new Map((await redis.info()).split("\r\n").map((line) => line.split(":", 2) as [string, string]));
  const numberOf = (name: string) => Number(fields.get(name) ?? 0);
  return {
    usedBytes: numberOf("used_memory"),
    maxBytes: numberOf("maxmemory") || null,
    evicted: numberOf("evicted_keys"),
    policy: fields.get("maxmemory_policy") ?? "unknown",
  };
}
