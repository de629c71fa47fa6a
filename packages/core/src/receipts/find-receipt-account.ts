import type { Provider } from "@tidings/channels/provider";
import { providers } from "@tidings/channels/registry";
import type { Database } from "@tidings/db/client";
import { LRUCache } from "lru-cache";
import type { PlatformAccount } from "../providers/accounts/platform-accounts";
import { openConfig } from "../providers/settings/account-config";
import type { Sealer } from "../secrets/sealer";
import { receiptTokenOf } from "./receipt-url";

/** A provider account, as it takes receipts. */
export interface ReceiptAccount {
  /** A tenant's by its UUID, the platform's by its name: as `sent_message` has it. */
  id: string;
  /** Null for the platform's. */
  tenantId: string | null;
  provider: Provider;
  config: unknown;
}

export interface FindReceiptAccountDeps {
  database: Database;
  sealer: Sealer;
  platformAccounts: readonly PlatformAccount[];
  /** The platform's secrets, the current one first: URLs made with one before it still hold. */
  platformSecrets: readonly Uint8Array[];
}

/** How long an account that was changed or removed may still take receipts, and one that was made may not. */
const freshMs = 5_000;
const maxKnown = 5_000;
/** Tokens that name nothing; in a cache of their own, so that guesses don't push out the accounts there are. */
const maxUnknown = 10_000;

/** Finds the account that a receipt's URL names. */
export function createFindReceiptAccount(deps: FindReceiptAccountDeps) {
  const { database, sealer, platformAccounts, platformSecrets } = deps;
  const platform = new Map(
    platformAccounts.flatMap(({ id, provider: providerId, config }) => {
      const provider = providers.get(providerId);
      if (!provider) return [];
      return platformSecrets.map((secret): [string, ReceiptAccount] => [
        receiptTokenOf(secret, id),
        { id, tenantId: null, provider, config },
      ]);
    }),
  );
  const known = new LRUCache<string, ReceiptAccount>({ max: maxKnown, ttl: freshMs });
  const unknown = new LRUCache<string, true>({ max: maxUnknown, ttl: freshMs });

  async function read(token: string): Promise<ReceiptAccount | null> {
    // The token is the credential here: nobody is known by anything else yet, so there is no tenant to name.
    const row = await database.providerAccount.findUnique({ where: { receiptToken: token } });
    const provider = row && providers.get(row.provider);
    if (!row || !provider) {
      unknown.set(token, true);
      return null;
    }
    const { id, tenantId } = row;
    const account = { id, tenantId, provider, config: provider.config.parse(openConfig(sealer, row)) };
    known.set(token, account);
    return account;
  }

  return {
    /** The account, or null when the token is nobody's or another provider's. */
    async find(providerId: string, token: string): Promise<ReceiptAccount | null> {
      const account = platform.get(token) ?? known.get(token) ?? (unknown.has(token) ? null : await read(token));
      return account?.provider.id === providerId && account.provider.receipts ? account : null;
    },

    /** Whether finding a token would ask the database. */
    wouldAsk: (token: string) => !platform.has(token) && !known.has(token) && !unknown.has(token),
  };
}
