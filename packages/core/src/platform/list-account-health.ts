import { providerName } from "@tidings/channels/registry";
import type { Database } from "@tidings/db/client";
import { type AccountHealth, readAccountsHealth } from "@tidings/runtime/account-health";
import type { Redis } from "@tidings/runtime/redis";

/** How a provider account fares, with all workers together. */
export interface AccountState extends AccountHealth {
  /** A tenant's by its UUID, the platform's by its name. */
  id: string;
  name: string;
  /** The provider's name. */
  provider: string;
  /** Null: the platform's. */
  tenant: { slug: string; name: string } | null;
}

export interface ListAccountHealthDeps {
  database: Database;
  redis: Redis;
  namespace: string;
  platformAccounts: readonly { id: string; provider: string }[];
}

/** Most of the tenants' accounts that are looked at, those that changed last first. */
const most = 1_000;

/**
 * Every provider account that was sent through within the last ten minutes, those that do worst first.
 * @returns `isComplete`: whether all accounts there are were looked at
 * @throws when Redis or Postgres is away
 */
export async function listAccountHealth(
  deps: ListAccountHealthDeps,
): Promise<{ accounts: AccountState[]; isComplete: boolean }> {
  const owned = await deps.database.providerAccount.findMany({
    where: { enabled: true },
    select: { id: true, name: true, provider: true, tenant: { select: { slug: true, name: true } } },
    orderBy: { updatedAt: "desc" },
    take: most,
  });
  const platform = deps.platformAccounts.map(({ id, provider }) => ({ id, name: id, provider, tenant: null }));
  const all = [...platform, ...owned];
  const health = await readAccountsHealth(
    deps,
    all.map(({ id }) => id),
  );
  const accounts = all.flatMap((account) => {
    const own = health.get(account.id);
    return own ? [{ ...account, ...own, provider: providerName(account.provider) }] : [];
  });
  accounts.sort((one, other) => badnessOf(other) - badnessOf(one));
  return { accounts, isComplete: owned.length < most };
}

/** An open circuit before a half-open one before errors. */
function badnessOf({ circuit, errorRate }: AccountHealth): number {
  return { open: 3, "half-open": 2, closed: 0 }[circuit] + errorRate;
}
