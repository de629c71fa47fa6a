import type { ConnectedAccount, Provider, ProviderContext, SendOutcome } from "@tidings/channels/provider";
import { providers } from "@tidings/channels/registry";
import type { AccountsHealth } from "@tidings/runtime/account-health";
import type { Rate } from "@tidings/runtime/fair-queue";
import type { PairRate } from "@tidings/runtime/pair-rates";
import type { Mode } from "@tidings/shared/modes";
import { LRUCache } from "lru-cache";
import type { Sealer } from "../../secrets/sealer";
import { openConfig } from "../settings/account-config";
import { withoutSecrets } from "../settings/mask-secrets";
import type { Account, AccountBook } from "./account-book";
import { type ChoiceInput, chooseAccount } from "./choose-account";
import { sendTogether } from "./send-together";

/** A provider account chosen for an attempt, connected. */
export interface ChosenAccount {
  account: string;
  /** Why this one, as people read it. */
  why: string;
  provider: string;
  honoursIdempotencyKey: boolean;
  /** Whether there is no other that could have been chosen. */
  isOnly: boolean;
  /** Whether receipts will tell of its messages. */
  hasReceipts: boolean;
  /** Lower is tried first. */
  rank: number;
  /** How fast it may send in all; null where nothing bounds that. */
  rate: Rate | null;
  /** How fast it may write to one address; absent where nothing bounds that. */
  pairRate?: PairRate;
  /** Where its provider may send receipts of one message; absent when the platform has no public URL. */
  receiptUrl?: string;
  connected: ConnectedAccount;
}

/** A delivery an account is wanted for. */
export interface AccountWanted {
  tenantId: string;
  channel: string;
  address: string;
  mode: Mode;
  /** Whether files go along. */
  hasAttachments: boolean;
  /** Accounts that this claim tried already. */
  tried: ReadonlySet<string>;
  /** The only rank to choose from: what is too fast for one account of it goes by its equals or waits. Null for any. */
  rank: number | null;
  /** The account whose attempt is in doubt, and whether no other may send instead. */
  repeats: ChoiceInput["repeats"];
}

export interface ConnectedAccounts {
  /** The account to send with, or why there is none. A test delivery always gets the sandbox. */
  choose(wanted: AccountWanted): Promise<ChosenAccount | { none: string }>;
  /** How a send of an account went: what its own fault was counts against it. */
  record(chosen: ChosenAccount, outcome: SendOutcome, durationMs: number): void;
  /** Nothing is sent by it after all. */
  letGo(chosen: ChosenAccount): void;
  close(): Promise<void>;
}

export interface ConnectedAccountsDeps {
  book: AccountBook;
  health: AccountsHealth;
  sealer: Sealer;
  /** What a provider is lent for an account: a tenant's may reach less than the platform's. */
  contextOf(account: Account): ProviderContext;
  receiptUrlOf(account: Account): string | undefined;
}

const sandboxAccount: Account = {
  id: "sandbox",
  tenantId: null,
  provider: "sandbox",
  channels: [],
  rank: 0,
  weight: 1,
  rate: null,
  version: "platform",
  receiptToken: null,
  config: { plain: {} },
};

/** Accounts kept connected by one process; the least recently used is closed. */
const maxConnected = 500;

/** Chooses accounts, connects them when they are first used, and keeps them until they change. */
export function createConnectedAccounts({
  book,
  health,
  sealer,
  contextOf,
  receiptUrlOf,
}: ConnectedAccountsDeps): ConnectedAccounts {
  const known = new LRUCache<string, Promise<ConnectedAccount>>({
    max: maxConnected,
    dispose: (opening) => void opening.then((open) => open.close?.()).catch(() => {}), // one that never opened
  });

  async function connect(account: Account): Promise<ConnectedAccount> {
    const provider = providers.get(account.provider);
    if (!provider) throw new Error(`no provider ${account.provider}`);
    const config = "plain" in account.config ? account.config.plain : provider.config.parse(opened(account));
    return sendTogether(discreet(provider, config, await provider.connect(config, contextOf(account))));
  }

  function opened({ id, tenantId, config }: Account): unknown {
    if (!("sealed" in config) || tenantId === null) throw new Error("an account of the platform has nothing sealed");
    return openConfig(sealer, { id, tenantId, sealedConfig: config.sealed });
  }

  function connectedOf(account: Account): Promise<ConnectedAccount> {
    const key = `${account.id} ${account.version}`;
    const open = known.get(key);
    if (open) return open;
    const connecting = connect(account);
    known.set(key, connecting);
    connecting.catch(() => known.delete(key)); // the next delivery tries anew
    return connecting;
  }

  return {
    async choose({ tenantId, channel, address, mode, hasAttachments, tried, rank, repeats }) {
      if (mode === "test") {
        if (tried.has(sandboxAccount.id)) return { none: "there is one sandbox" };
        const connected = await connectedOf(sandboxAccount);
        return chosenOf(sandboxAccount, { why: "test mode", isOnly: true, channel, connected });
      }
      await book.prepare([tenantId]);
      const accounts = book.accountsFor(tenantId, channel);
      const { of: healthOf, takeProbe } = health;
      const { account, why } = await chooseAccount({
        ...{ accounts, address, hasAttachments, tried, rank, repeats },
        ...{ healthOf, takeProbe },
      });
      if (!account) return { none: accounts.length === 0 ? `${why} for ${channel}` : why };
      const receiptUrl = receiptUrlOf(account);
      const isOnly = accounts.length === 1;
      const chosen = chosenOf(account, { why, isOnly, channel, connected: await connectedOf(account) });
      return { ...chosen, ...(receiptUrl !== undefined && { receiptUrl }) };
    },

    record({ account }, outcome, durationMs) {
      if (account === sandboxAccount.id) return;
      if (outcome.kind === "busy") return health.giveProbeBack(account);
      health.record(account, outcome.kind !== "deferred" || outcome.isRecipients === true, durationMs);
    },

    letGo: ({ account }) => health.giveProbeBack(account),

    async close() {
      const open = [...known.values()];
      const settled = await Promise.allSettled(open);
      await Promise.all(settled.map((result) => (result.status === "fulfilled" ? result.value.close?.() : undefined)));
    },
  };
}

function chosenOf(
  { id, provider, rank, rate }: Account,
  { channel, ...chosen }: Pick<ChosenAccount, "why" | "isOnly" | "connected"> & { channel: string },
): ChosenAccount {
  const { honoursIdempotencyKey = false, receipts, pairRates } = providers.get(provider) ?? {};
  const pairRate = pairRates?.[channel];
  const hasReceipts = receipts !== undefined;
  return {
    ...chosen,
    account: id,
    rank,
    rate,
    provider,
    honoursIdempotencyKey,
    hasReceipts,
    ...(pairRate && { pairRate }),
  };
}

/** A provider's words are kept and shown: what they repeat of the credentials is not. */
function discreet(provider: Provider, config: unknown, { send, many, close }: ConnectedAccount): ConnectedAccount {
  const told = (outcome: SendOutcome): SendOutcome =>
    "reason" in outcome ? { ...outcome, reason: withoutSecrets(provider, config, outcome.reason) } : outcome;
  return {
    send: async (message, options) => told(await send(message, options)),
    ...(many && {
      many: { max: many.max, send: async (outgoing, signal) => (await many.send(outgoing, signal)).map(told) },
    }),
    ...(close && { close }),
  };
}
