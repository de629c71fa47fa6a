import { createAuthenticator } from "@tidings/core/keys/authenticate";
import { createKey } from "@tidings/core/keys/create-key";
import type { SecretHasher } from "@tidings/core/keys/secret-hasher";
import { createUser } from "@tidings/core/team/create-user";
import { createTemplate } from "@tidings/core/templates/create-template";
import { publishTemplate } from "@tidings/core/templates/publish-template";
import type { Database } from "@tidings/db/client";
import { seedTenant } from "@tidings/db/seed";
import { publicId } from "@tidings/shared/ids";
import type { Mode } from "@tidings/shared/modes";
import { Refusal } from "@tidings/shared/refusals";
import { scopes } from "@tidings/shared/scopes";
import { demoPerson, demoTenant } from "./demo-tenant";
import { orderShipped } from "./order-shipped";

export interface Demo {
  tenantId: string;
  slug: string;
  liveKey: string;
  testKey: string;
  /** The console's. No password: somebody has chosen another, or it was not told to keep. */
  login: { email: string; password: string | null };
}

export interface DemoDeps {
  database: Database;
  /** Of API keys. */
  hasher: SecretHasher;
  /** Of people's passwords. */
  passwords: SecretHasher;
}

/** What an earlier run answered. What is still good of it is answered again. */
export interface KeptDemo {
  keptKeys: readonly string[];
  keptPassword: string | undefined;
}

/**
 * Makes what is missing of the demo tenant: a recipient, a published template, a key of each mode with all scopes, and a
 * person who owns it and operates the platform. Safe to repeat.
 */
export async function prepareDemo(
  { database, hasher, passwords }: DemoDeps,
  { keptKeys, keptPassword }: KeptDemo,
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
  return {
    tenantId: publicId("tenant", tenantId),
    slug,
    liveKey: await keyOf("live"),
    testKey: await keyOf("test"),
    login: { email: demoPerson.email, password: await passwordOf({ database, passwords }, tenantId, keptPassword) },
  };
}

/** The demo person's password, made with the person. One that was changed since is not known, and stays. */
async function passwordOf(
  { database, passwords }: Pick<DemoDeps, "database" | "passwords">,
  tenantId: string,
  kept: string | undefined,
): Promise<string | null> {
  const login = await database.login.findFirst({
    where: { user: { email: demoPerson.email }, providerId: "credential" },
  });
  if (!login) {
    const body = { ...demoPerson, operator: true, role: "owner" as const };
    const made = await goodOrNull(() => createUser({ database, passwords }, body, tenantId));
    return made?.password ?? null;
  }
  return kept && login.password && (await passwords.verify(kept, login.password)) ? kept : null;
}

async function goodOrNull<Good>(attempt: () => Promise<Good>): Promise<Good | null> {
  try {
    return await attempt();
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
