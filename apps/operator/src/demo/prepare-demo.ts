import { createAuthenticator, type Principal } from "@tidings/core/keys/authenticate";
import { createKey } from "@tidings/core/keys/create-key";
import type { SecretHasher } from "@tidings/core/keys/secret-hasher";
import { createTemplate } from "@tidings/core/templates/create-template";
import { publishTemplate } from "@tidings/core/templates/publish-template";
import type { Database } from "@tidings/db/client";
import { seedTenant } from "@tidings/db/seed";
import { publicId } from "@tidings/shared/ids";
import type { Mode } from "@tidings/shared/modes";
import { Refusal } from "@tidings/shared/refusals";
import { scopes } from "@tidings/shared/scopes";
import { demoTenant } from "./demo-tenant";
import { orderShipped } from "./order-shipped";

export interface Demo {
  tenantId: string;
  slug: string;
  liveKey: string;
  testKey: string;
}

/**
 * Makes what is missing of the demo tenant: a recipient, a published template, a key of each mode with all scopes. Safe to repeat.
 * @param keptKeys keys of an earlier run: those that are still good are answered instead of new ones
 */
export async function prepareDemo(
  { database, hasher }: { database: Database; hasher: SecretHasher },
  keptKeys: readonly string[],
): Promise<Demo> {
  const { id: tenantId, slug } = await seedTenant(database, demoTenant);
  await publishOrderShipped(database, tenantId);

  const { authenticate } = createAuthenticator({ database, hasher });
  const kept = new Map<Mode, string>();
  for (const key of keptKeys) {
    const principal = await goodOrNull(async () => authenticate(key, "demo"));
    if (principal?.tenantId === tenantId) kept.set(principal.mode, key);
  }
  async function keyOf(mode: Mode): Promise<string> {
    const body = { name: `Demo, ${mode}`, mode, scopes: [...scopes] };
    return kept.get(mode) ?? (await createKey({ database, hasher }, tenantId, body)).text;
  }
  return { tenantId: publicId("tenant", tenantId), slug, liveKey: await keyOf("live"), testKey: await keyOf("test") };
}

async function goodOrNull(authenticate: () => Promise<Principal>): Promise<Principal | null> {
  try {
    return await authenticate();
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

async function publishOrderShipped(database: Database, tenantId: string): Promise<void> {
  const { key } = orderShipped;
  const found = await database.template.findUnique({ where: { tenantId_key: { tenantId, key } } });
  if (!found) await createTemplate(database, tenantId, orderShipped);
  if (!found?.publishedVersion) await publishTemplate(database, tenantId, key);
}
