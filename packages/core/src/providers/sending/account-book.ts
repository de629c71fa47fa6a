import { providers } from "@tidings/channels/registry";
import type { Database } from "@tidings/db/client";
import type { Rate } from "@tidings/runtime/fair-queue";
import { LRUCache } from "lru-cache";
import { builtInAccounts, type PlatformAccount } from "../accounts/platform-accounts";

/** A provider account that may send for a tenant. */
export interface Account {
  /** A tenant's by its UUID, the platform's by its name. */
  id: string;
  /** Null for the platform's. */
  tenantId: string | null;
  provider: string;
  channels: readonly string[];
  /** Lower is tried first; those of the same rank share by weight. */
  rank: number;
  weight: number;
  rate: Rate | null;
  /** Changes whenever the account does. */
  version: string;
  /** Where its receipts are named by. */
  receiptToken: string | null;
  /** The platform's, as it was checked; a tenant's stays sealed. */
  config: { plain: unknown } | { sealed: string };
}

/** Which accounts may send for whom. */
export interface AccountBook {
  /** Reads what is not known of these tenants, in one query. Known for {@link freshMs}. */
  prepare(tenantIds: readonly string[]): Promise<void>;
  /** Accounts of a prepared tenant for a channel, in no order: its own, else the platform's where it may use them. */
  accountsFor(tenantId: string, channel: string): readonly Account[];
  /** The limit that counts for a tenant's deliveries on a channel, and by what name; null when there is none. */
  senderOf(tenantId: string, channel: string): Sender | null;
}

/** Whoever's rates bound deliveries before a worker is occupied, over all their tenants. */
export interface Sender {
  id: string;
  rate: Rate;
}

/** How long an account that was changed or removed may still be used. */
const freshMs = 3_000;
const maxTenants = 5_000;

interface Entry {
  usesPlatform: boolean;
  own: readonly Account[];
}

export function createAccountBook(deps: {
  database: Database;
  platformAccounts: readonly PlatformAccount[];
}): AccountBook {
  const platform = deps.platformAccounts.map(platformAccount);
  const isBuiltIn = new Set(builtInAccounts.map(({ id }) => id));
  const builtIn = platform.filter(({ id }) => isBuiltIn.has(id));
  const known = new LRUCache<string, Entry>({ max: maxTenants, ttl: freshMs });
  /** The last that was read: it serves while a newer reading is under way or fails. */
  const last = new LRUCache<string, Entry>({ max: maxTenants });

  async function read(tenantIds: readonly string[]): Promise<void> {
    const tenants = await deps.database.tenant.findMany({
      where: { id: { in: [...tenantIds] } },
      select: { id: true, usesPlatformAccounts: true, accounts: { where: { enabled: true } } },
    });
    for (const { id, usesPlatformAccounts, accounts } of tenants) {
      const own = accounts.map(
        (row): Account => ({
          id: row.id,
          tenantId: id,
          provider: row.provider,
          channels: row.channels,
          rank: row.rank,
          weight: row.weight,
          rate: row.perSecond === null ? null : { perSecond: row.perSecond, burst: row.burst ?? 1 },
          version: row.updatedAt.toISOString(),
          receiptToken: row.receiptToken,
          config: { sealed: row.sealedConfig },
        }),
      );
      const entry = { usesPlatform: usesPlatformAccounts, own };
      known.set(id, entry);
      last.set(id, entry);
    }
  }

  function accountsFor(tenantId: string, channel: string): readonly Account[] {
    const entry = last.get(tenantId);
    const serving = (accounts: readonly Account[]) => accounts.filter(({ channels }) => channels.includes(channel));
    const own = serving(entry?.own ?? []);
    if (own.length > 0) return own;
    return serving((entry?.usesPlatform ?? true) ? platform : builtIn);
  }

  return {
    async prepare(tenantIds) {
      const missing = [...new Set(tenantIds)].filter((id) => !known.has(id));
      if (missing.length > 0) await read(missing);
    },
    accountsFor,
    senderOf: (tenantId, channel) => senderAmong(accountsFor(tenantId, channel), tenantId),
  };
}

/**
 * What a line lets through: accounts of the first rank that all have a rate are one sender with the sum of their rates, and
 * where one has none, nothing bounds it. Which of them sends is chosen when it is sent, and there each one's own rate holds.
 */
function senderAmong(accounts: readonly Account[], tenantId: string): Sender | null {
  const first = Math.min(...accounts.map(({ rank }) => rank));
  const primary = accounts.filter(({ rank }) => rank === first);
  const rates = primary.flatMap(({ rate }) => (rate ? [rate] : []));
  const [only] = primary;
  if (!only || rates.length < primary.length) return null;
  const rate = rates.reduce((sum, { perSecond, burst }) => ({
    perSecond: sum.perSecond + perSecond,
    burst: sum.burst + burst,
  }));
  return { id: primary.length === 1 ? only.id : `pool-${only.tenantId ?? tenantId}`, rate };
}

function platformAccount({ id, provider, config, rate }: PlatformAccount, index: number): Account {
  return {
    id,
    tenantId: null,
    provider,
    channels: providers.get(provider)?.channels ?? [],
    rank: index,
    weight: 100,
    rate,
    version: "platform",
    receiptToken: null,
    config: { plain: config },
  };
}
