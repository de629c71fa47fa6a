import type { Database } from "@tidings/db/client";
import { createPartitions } from "@tidings/db/partitions";

const aheadMs = 5 * 7 * 24 * 60 * 60 * 1_000;
const pageSize = 2_000;

/** Makes partitions five weeks ahead, and drops stored answers of Idempotency-Keys after two days, a page at a time. */
export async function keepHouse(database: Database): Promise<void> {
  const now = Date.now();
  await createPartitions(database, new Date(now), new Date(now + aheadMs));
  for (let dropped = pageSize; dropped === pageSize; ) {
    dropped = await database.$executeRaw`
      DELETE FROM idempotency_key WHERE ctid IN (
        SELECT ctid FROM idempotency_key WHERE created_at < now() - interval '48 hours' LIMIT ${pageSize})`;
  }
}
