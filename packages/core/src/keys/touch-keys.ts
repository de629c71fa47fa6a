import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { repeat } from "@tidings/runtime/repeat";

export interface KeyTouches {
  /** Remembers that a key (UUID) was used. */
  touch(keyId: string, atMs: number): void;
  /** Writes what is left, and ends. */
  close(): Promise<void>;
}

/** Collects when keys were last used, and writes it in one statement now and then: every request uses a key, few people ask which. */
export function createKeyTouches(deps: {
  database: Pick<Database, "$executeRaw">;
  logger: Logger;
  intervalMs?: number;
}): KeyTouches {
  const { database, logger, intervalMs = 30_000 } = deps;
  let usedAt = new Map<string, number>();

  async function flush(): Promise<void> {
    if (usedAt.size === 0) return;
    const batch = usedAt;
    usedAt = new Map();
    try {
      await writeLastUsed(database, batch);
    } catch (error) {
      usedAt = new Map([...batch, ...usedAt]);
      throw error;
    }
  }

  const onError = (err: unknown) => logger.warn({ err, keys: usedAt.size }, "could not write when keys were last used");
  const stop = repeat(flush, { everyMs: intervalMs, onError });

  return {
    touch: (keyId, atMs) => void usedAt.set(keyId, atMs),
    async close() {
      await stop();
      await flush().catch(onError);
    },
  };
}

/** Rows are locked in the order of their ids, so that processes writing at once wait for each other instead of deadlocking. */
async function writeLastUsed(
  database: Pick<Database, "$executeRaw">,
  usedAt: ReadonlyMap<string, number>,
): Promise<void> {
  const ids = [...usedAt.keys()];
  const times = [...usedAt.values()].map((atMs) => new Date(atMs));
  await database.$executeRaw`
    WITH used AS (SELECT * FROM unnest(${ids}::uuid[], ${times}::timestamptz[]) AS t (id, at)),
    locked AS (SELECT k.id, used.at FROM api_key k JOIN used USING (id) ORDER BY k.id FOR NO KEY UPDATE OF k)
    UPDATE api_key k SET last_used_at = greatest(k.last_used_at, locked.at) FROM locked WHERE k.id = locked.id`;
}
