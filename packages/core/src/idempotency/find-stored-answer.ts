import type { Database } from "@tidings/db/client";
import type { Owner } from "../owner";

/**
 * What a request with this Idempotency-Key and this body was answered before; undefined when there was none. For a request
 * that would be refused now, and is only the repetition of one that was not.
 */
export async function findStoredAnswer(
  database: Database,
  { tenantId, mode }: Owner,
  { key, bodyHash }: { key: string; bodyHash: string },
): Promise<unknown> {
  const earlier = await database.idempotencyKey.findFirst({
    where: { tenantId, mode, key, bodyHash, status: { not: null } },
    select: { response: true },
  });
  return earlier?.response ?? undefined;
}
