/** Accounts of one channel in the order in which they are tried; those of one tier share by weight. */
export type Tiers<Item> = readonly (readonly Item[])[];

/** The tiers of accounts that serve a channel. */
export function tiersOf<Item extends { id: string; order: number }>(accounts: readonly Item[]): Item[][] {
  const orders = [...new Set(accounts.map(({ order }) => order))].sort((one, other) => one - other);
  return orders.map((wanted) => accounts.filter(({ order }) => order === wanted).toSorted(byId));
}

const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1);

/** Moves one a step up or down: out of a tier that it shares, else past its neighbour. */
export function movedBy<Item extends { id: string }>(tiers: Tiers<Item>, id: string, step: -1 | 1): Tiers<Item> {
  const at = tiers.findIndex((tier) => tier.some((item) => item.id === id));
  const tier = tiers[at] ?? [];
  const apart = tier.filter((item) => item.id === id);
  const rest = tier.filter((item) => item.id !== id);
  if (rest.length > 0)
    return [...tiers.slice(0, at), ...(step < 0 ? [apart, rest] : [rest, apart]), ...tiers.slice(at + 1)];
  const without = tiers.filter((_, index) => index !== at);
  return without.toSpliced(Math.min(Math.max(at + step, 0), without.length), 0, apart);
}

/** Puts one alone into the place of another: before it when it came from below, else after it. */
export function droppedOn<Item extends { id: string }>(tiers: Tiers<Item>, id: string, onto: string): Tiers<Item> {
  const order = tiers.flat().map((item) => item.id);
  const isUp = order.indexOf(id) > order.indexOf(onto);
  const item = tiers.flat().find((one) => one.id === id);
  if (!item || id === onto) return tiers;
  const without = tiers.map((tier) => tier.filter((one) => one.id !== id)).filter((tier) => tier.length > 0);
  const target = without.findIndex((tier) => tier.some((one) => one.id === onto));
  return without.toSpliced(isUp ? target : target + 1, 0, [item]);
}

/** Lets one share with the tier above it. */
export function joinedUp<Item extends { id: string }>(tiers: Tiers<Item>, id: string): Tiers<Item> {
  const at = tiers.findIndex((tier) => tier.some((item) => item.id === id));
  const item = tiers[at]?.find((one) => one.id === id);
  if (at < 1 || !item) return tiers;
  return tiers
    .map((tier, index) =>
      index === at - 1 ? [...tier, item] : index === at ? tier.filter((one) => one.id !== id) : tier,
    )
    .filter((tier) => tier.length > 0);
}
