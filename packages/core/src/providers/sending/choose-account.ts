import { providers } from "@tidings/channels/registry";
import type { AccountHealth } from "@tidings/runtime/account-health";
import type { Account } from "./account-book";

export interface ChoiceInput {
  /** Accounts that may send for the tenant on the channel. */
  accounts: readonly Account[];
  address: string;
  /** Whether files go along: then only an account whose provider takes them will do. */
  hasAttachments: boolean;
  /** Accounts that this claim tried already. */
  tried: ReadonlySet<string>;
  /** The only rank to choose from; null for any. */
  rank: number | null;
  /**
   * The account of an attempt in doubt, which takes its key twice and sends once. It goes first while it is well; also while
   * it is failing where a second message would be worse than a late one; and when it is not there any more, nobody does
   * where a second would be worse than perhaps none.
   */
  repeats: { account: string; alsoWhileFailing: boolean; orNobody: boolean } | null;
  healthOf(accountId: string): AccountHealth;
  /** Takes the one probe of an account that was failing; false when somebody else has it. */
  takeProbe(accountId: string): Promise<boolean>;
  random?: () => number;
}

/** The account to send with and why, as people read it; or why there is none. */
export type Choice = { account: Account; why: string } | { account: null; why: string };

/**
 * Chooses by rank, among those of the same rank by weight and health. An account whose circuit is open is passed over,
 * unless its turn for a probe has come; when all are open, the first in order is tried all the same: refusing to send could
 * not do better. One at a provider that this release does not know is left out while there is another.
 */
export async function chooseAccount(input: ChoiceInput): Promise<Choice> {
  const { accounts, address, hasAttachments, tried, repeats, healthOf, takeProbe, random = Math.random } = input;
  if (accounts.length === 0) return { account: null, why: "no provider account is set up" };
  const known = accounts.filter(({ provider }) => providers.has(provider));
  const reaching = (known.length > 0 ? known : accounts).filter(
    ({ provider }) => providers.get(provider)?.reaches?.(address) ?? true,
  );
  if (reaching.length === 0) return { account: null, why: "no provider account reaches this address" };
  const first = repeats && accounts.find(({ id }) => id === repeats.account && !tried.has(id));
  if (first && (repeats.alsoWhileFailing || healthOf(first.id).circuit === "closed"))
    return { account: first, why: "repeats its attempt in doubt, under the same key" };
  if (repeats?.orNobody) return { account: null, why: "the account of the attempt in doubt is not there any more" };
  const able = reaching.filter(({ provider }) => !hasAttachments || providers.get(provider)?.sendsAttachments);
  if (able.length === 0) return { account: null, why: "no provider account takes attachments" };
  const left = able.filter((account) => !tried.has(account.id) && (input.rank ?? account.rank) === account.rank);
  if (left.length === 0) return { account: null, why: "every provider account was tried" };
  const order = tried.size > 0 ? "failover" : null;
  for (const account of left) {
    if (healthOf(account.id).circuit === "half-open" && (await takeProbe(account.id)))
      return { account, why: because(order, "probe of an account that was failing") };
  }
  const closed = left.filter(({ id }) => healthOf(id).circuit === "closed");
  if (closed.length === 0) {
    const first = [...left].sort((a, b) => a.rank - b.rank)[0] as Account;
    const why = left.length === 1 ? "the only account left, though it is failing" : "all accounts are failing";
    return { account: first, why: because(order, why) };
  }
  const rank = Math.min(...closed.map((account) => account.rank));
  const equals = closed.filter((account) => account.rank === rank);
  if (equals.length === 1) {
    const why = able.length === 1 ? "the only account" : passedOver(able, closed, rank);
    return { account: equals[0] as Account, why: because(order, why) };
  }
  const shares = sharesOf(equals, healthOf);
  const total = shares.reduce((sum, share) => sum + share, 0);
  let point = random() * total;
  const at = shares.findIndex((share) => {
    point -= share;
    return point < 0;
  });
  const index = at < 0 ? equals.length - 1 : at;
  const percent = Math.round(((shares[index] as number) / total) * 100);
  return { account: equals[index] as Account, why: because(order, `${percent} % of ${equals.length} accounts`) };
}

/** Least part of its weight that an account keeps however it fares, so that it is seen to get better. */
const leastPart = 0.05;

/** Weights, less for errors, and less for being slower than the fastest by more than a factor of two. */
function sharesOf(accounts: readonly Account[], healthOf: ChoiceInput["healthOf"]): number[] {
  const healths = accounts.map(({ id }) => healthOf(id));
  const fastestMs = Math.min(...healths.map(({ latencyMs }) => latencyMs ?? Number.POSITIVE_INFINITY));
  return accounts.map(({ weight }, index) => {
    const { errorRate, latencyMs } = healths[index] as AccountHealth;
    const speed = latencyMs === null || latencyMs === 0 ? 1 : Math.min(1, (2 * fastestMs) / latencyMs);
    return weight * Math.max(leastPart, (1 - errorRate) * speed);
  });
}

function passedOver(able: readonly Account[], closed: readonly Account[], rank: number): string {
  const isFirst = able.every((account) => account.rank >= rank);
  return isFirst || closed.length === able.length ? "first in order" : "those before it are failing";
}

function because(order: string | null, why: string): string {
  return order ? `${order}: ${why}` : why;
}
