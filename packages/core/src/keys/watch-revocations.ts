import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { repeat } from "@tidings/runtime/repeat";

export interface WatchRevocationsOptions {
  database: Pick<Database, "$queryRaw">;
  logger: Logger;
  /** Told of keys' UUIDs; of each key several times. See `Authenticator.markRevoked`. */
  onRevoked(keyIds: string[]): void;
  intervalMs?: number;
}

/**
 * Asks Postgres, by default every 400 ms, which keys were revoked since it last answered, so that every process refuses a revoked key
 * within a second, with Redis and Kafka or without. It goes by the database's clock and looks a minute further back each time, because
 * a revocation becomes visible only when its transaction commits.
 *
 * While Postgres can't be asked, keys remembered by the authenticator stay good until their minute is over; nothing can be accepted
 * without Postgres anyway. When it is back, the first answer covers the whole gap.
 * @returns stops asking and waits for the last answer
 */
export function watchRevocations(options: WatchRevocationsOptions): () => Promise<void> {
  const { database, logger, onRevoked, intervalMs = 400 } = options;
  let askedAt: Date | null = null;
  let isFailing = false;

  async function ask(): Promise<void> {
    const [answer] = await database.$queryRaw<[{ now: Date; ids: string[] }]>`
      SELECT now() AS now, ARRAY(
        SELECT id::text FROM api_key
        WHERE revoked_at > coalesce(${askedAt}::timestamptz, now()) - interval '1 minute'
      ) AS ids`;
    if (answer.ids.length > 0) onRevoked(answer.ids);
    askedAt = answer.now;
    if (isFailing) logger.info("revoked keys are known again");
    isFailing = false;
  }

  function onError(err: unknown): void {
    if (!isFailing) logger.warn({ err }, "could not ask for revoked keys; asking on");
    isFailing = true;
  }

  return repeat(ask, { everyMs: intervalMs, onError });
}
