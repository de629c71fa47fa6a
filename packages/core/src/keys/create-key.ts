import type { Database, Prisma } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { generateKey } from "./key-format";
import type { CreateKeyBody } from "./key-schemas";
import type { SecretHasher } from "./secret-hasher";

/**
 * Makes a key.
 * @returns its row, and its text: the only time anybody sees it
 */
export async function createKey(
  { database, hasher }: { database: Database; hasher: SecretHasher },
  tenantId: string,
  { name, mode, scopes, expiresAt }: CreateKeyBody,
): Promise<{ row: Prisma.ApiKeyModel; text: string }> {
  const { keyId, secret, text } = generateKey(mode);
  const secretHash = await hasher.hash(secret);
  const row = await database.apiKey.create({
    data: { id: newUuid(), tenantId, keyId, name, mode, scopes, secretHash, expiresAt: expiresAt ?? null },
  });
  return { row, text };
}
