import type { Prisma } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import type { Mode } from "@tidings/shared/modes";
import type { Scope } from "@tidings/shared/scopes";
import { keyPrefix } from "./key-format";
import type { PublicKey } from "./key-schemas";

/** A key as its tenant sees it: nothing of its secret. */
export function presentKey(row: Prisma.ApiKeyModel): PublicKey {
  return {
    id: publicId("key", row.id),
    name: row.name,
    mode: row.mode as Mode,
    scopes: row.scopes as Scope[],
    prefix: keyPrefix(row),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}
