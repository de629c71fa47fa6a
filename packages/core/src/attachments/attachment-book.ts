import type { Database } from "@tidings/db/client";
import { createBatcher } from "@tidings/runtime/batcher";
import { LRUCache } from "lru-cache";
import { type AttachmentRow, attachmentColumns } from "./attachment-row";

interface Asked {
  tenantId: string;
  /** UUID of the row. */
  id: string;
}

/** How long an upload that another process deleted may still be found, in milliseconds. */
const ttlMs = 10_000;

/** What is known of uploads, cached: the door asks for each one that an email names. */
export function createAttachmentBook({ database }: { database: Database }) {
  const known = new LRUCache<string, AttachmentRow>({ max: 10_000, ttl: ttlMs });
  const finder = createBatcher({ maxBatch: 1_000, concurrency: 2, maxWaiting: 100_000, run: findAttachments });

  async function findAttachments(batch: readonly Asked[]): Promise<(AttachmentRow | null)[]> {
    const [ids, tenantIds] = [batch.map(({ id }) => id), batch.map(({ tenantId }) => tenantId)];
    const rows = await database.$queryRaw<(AttachmentRow & { tenantId: string })[]>`
      SELECT a.tenant_id AS "tenantId", ${attachmentColumns} FROM attachment AS a
      WHERE (a.tenant_id, a.id) IN (SELECT * FROM unnest(${tenantIds}::uuid[], ${ids}::uuid[]))`;
    const byKey = new Map(rows.map(({ tenantId, ...row }) => [keyOf({ tenantId, id: row.id }), row]));
    return batch.map((asked) => byKey.get(keyOf(asked)) ?? null);
  }

  return {
    /** An upload of a tenant, or null. */
    async find(asked: Asked): Promise<AttachmentRow | null> {
      const key = keyOf(asked);
      const row = known.get(key) ?? (await finder.add(asked));
      if (row) known.set(key, row);
      return row;
    },

    /** Makes the next `find` look again: after an upload was deleted, so that this process knows of it at once. */
    forget: (asked: Asked): void => void known.delete(keyOf(asked)),
  };
}
export type AttachmentBook = ReturnType<typeof createAttachmentBook>;

function keyOf({ tenantId, id }: Asked): string {
  return `${tenantId}/${id}`;
}
