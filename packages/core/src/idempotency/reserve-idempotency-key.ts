import type { Database } from "@tidings/db/client";
import { Prisma } from "@tidings/db/client";
import type { Owner } from "../owner";

export interface IdempotencyOwner extends Owner {
  key: string;
}

/** What is known of a key that was used before; `status` is null while the first request is still running. */
export interface EarlierRequest {
  bodyHash: string;
  status: number | null;
  response: unknown;
}

/** A request that has not answered by then has died: its reservation no longer counts. */
const abandonedAfter = "1 minute";

/**
 * Reserves a key for a request about to run.
 * @returns null when it is reserved now, else the request that has it
 */
export async function reserveIdempotencyKey(
  database: Database,
  { tenantId, mode, key }: IdempotencyOwner,
  bodyHash: string,
): Promise<EarlierRequest | null> {
  const reserved = await database.$executeRaw`
    INSERT INTO idempotency_key (tenant_id, mode, key, body_hash) VALUES (${tenantId}::uuid, ${mode}, ${key}, ${bodyHash})
    ON CONFLICT (tenant_id, mode, key) DO UPDATE SET body_hash = excluded.body_hash, created_at = now()
    WHERE idempotency_key.status IS NULL AND idempotency_key.created_at < now() - ${abandonedAfter}::interval`;
  if (reserved === 1) return null;
  const where = { tenantId_mode_key: { tenantId, mode, key } };
  return await database.idempotencyKey.findUniqueOrThrow({ where });
}

/** Keeps the answer of the request that reserved the key. */
export async function completeIdempotencyKey(
  database: Database,
  { tenantId, mode, key }: IdempotencyOwner,
  status: number,
  response: unknown,
): Promise<void> {
  await database.idempotencyKey.update({
    where: { tenantId_mode_key: { tenantId, mode, key } },
    data: { status, response: (response ?? Prisma.JsonNull) as Prisma.InputJsonValue },
  });
}

/** Gives the key back, so that the request can be sent again. */
export async function dropIdempotencyKey(database: Database, { tenantId, mode, key }: IdempotencyOwner): Promise<void> {
  await database.idempotencyKey.deleteMany({ where: { tenantId, mode, key, status: null } });
}
