import type { Database } from "@tidings/db/client";
import { firstUuidAt } from "@tidings/shared/ids";
import { attachmentDays } from "./attachment-schemas";

const dayMs = 24 * 60 * 60 * 1_000;
/** For what was accepted on an upload's last day and is still tried. */
const graceMs = 2 * dayMs;
const pageSize = 100;

/** Deletes uploads that can't be sent any more, a page at a time. */
export async function keepAttachments(database: Database, nowMs = Date.now()): Promise<void> {
  const before = firstUuidAt(nowMs - attachmentDays * dayMs - graceMs);
  for (let deleted = pageSize; deleted === pageSize; ) {
    deleted = await database.$executeRaw`
      DELETE FROM attachment
      WHERE ctid = ANY(ARRAY(SELECT ctid FROM attachment WHERE id < ${before}::uuid LIMIT ${pageSize}))`;
  }
}
