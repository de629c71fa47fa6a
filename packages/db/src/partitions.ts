import type { Database } from "./client";

/**
 * Makes the partitions that cover a span of time, where they are missing. Safe to run anywhere, any time.
 * @param since first moment to cover
 * @param until last moment to cover
 * @returns how many tables were made
 */
export async function createPartitions(database: Database, since: Date, until: Date): Promise<number> {
  const rows = await database.$queryRaw<[{ made: number }]>`SELECT create_partitions(${since}, ${until}) AS made`;
  return rows[0].made;
}
