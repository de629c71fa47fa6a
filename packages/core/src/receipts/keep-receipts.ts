import type { Database } from "@tidings/db/client";
import { firstUuidAt } from "@tidings/shared/ids";

const dayMs = 24 * 60 * 60 * 1_000;
const receiptDays = 30;
/** Longer than any provider tells of a message. */
const sentMessageDays = 60;
/** Longer than a signature is taken. */
const tokenDays = 1;
const pageSize = 2_000;

/**
 * Deletes providers' calls and receipts that are older than 30 days, which message was whose after 60, and which event a token
 * vouched for after one, a page at a time.
 * What receipts made of a delivery stays with it.
 */
export async function keepReceipts(database: Database, nowMs = Date.now()): Promise<void> {
  const before = firstUuidAt(nowMs - receiptDays * dayMs);
  const tokenBefore = new Date(nowMs - tokenDays * dayMs);
  const sentBefore = new Date(nowMs - sentMessageDays * dayMs);
  await everyPage(
    () => database.$executeRaw`
      DELETE FROM receipt_call WHERE ctid = ANY(ARRAY(SELECT ctid FROM receipt_call WHERE id < ${before}::uuid LIMIT ${pageSize}))`,
  );
  await everyPage(
    () => database.$executeRaw`
      DELETE FROM receipt WHERE ctid = ANY(ARRAY(SELECT ctid FROM receipt WHERE id < ${before}::uuid LIMIT ${pageSize}))`,
  );
  await everyPage(
    () => database.$executeRaw`
      DELETE FROM sent_message
      WHERE ctid = ANY(ARRAY(SELECT ctid FROM sent_message WHERE sent_at < ${sentBefore} LIMIT ${pageSize}))`,
  );
  await everyPage(
    () => database.$executeRaw`
      DELETE FROM receipt_token
      WHERE ctid = ANY(ARRAY(SELECT ctid FROM receipt_token WHERE seen_at < ${tokenBefore} LIMIT ${pageSize}))`,
  );
}

async function everyPage(deletePage: () => Promise<number>): Promise<void> {
  for (let deleted = pageSize; deleted === pageSize; ) deleted = await deletePage();
}
