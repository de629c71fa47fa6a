import type { AccountHealth } from "@tidings/runtime/account-health";
import { expect, test } from "vitest";
import type { Account } from "./account-book";
import { type ChoiceInput, chooseAccount } from "./choose-account";

const account = (id: string, rest: Partial<Account> = {}): Account => ({
  id,
  tenantId: "t1",
  provider: "smtp",
  channels: ["email"],
  rank: 0,
  weight: 100,
  rate: null,
  version: "1",
  receiptToken: null,
  config: { plain: {} },
  ...rest,
});
const well: AccountHealth = { circuit: "closed", errorRate: 0, latencyMs: null };

async function choose(
  accounts: Account[],
  rest: {
    hasAttachments?: boolean;
    tried?: string[];
    rank?: number;
    repeats?: ChoiceInput["repeats"];
    health?: Record<string, Partial<AccountHealth>>;
    probes?: string[];
    random?: number;
  } = {},
) {
  const probes = new Set(rest.probes);
  const choice = await chooseAccount({
    accounts,
    address: "ann@example.com",
    hasAttachments: rest.hasAttachments ?? false,
    tried: new Set(rest.tried),
    rank: rest.rank ?? null,
    repeats: rest.repeats ?? null,
    healthOf: (id) => ({ ...well, ...rest.health?.[id] }),
    takeProbe: async (id) => probes.delete(id),
    random: () => rest.random ?? 0,
  });
  return [choice.account?.id ?? null, choice.why];
}

test("without an account it says so", async () => {
  expect(await choose([])).toEqual([null, "no provider account is set up"]);
});

test("an account at a provider that this release does not know leaves sending to the others", async () => {
  const accounts = [account("first", { provider: "pigeon" }), account("second", { rank: 1 })];
  expect(await choose(accounts)).toEqual(["second", "the only account"]);
  expect((await choose(accounts.slice(0, 1)))[0]).toBe("first");
});

test("files go only by a provider that takes them", async () => {
  const accounts = [account("first", { provider: "twilio" }), account("second", { rank: 1 })];
  expect((await choose(accounts))[0]).toBe("first");
  expect(await choose(accounts, { hasAttachments: true })).toEqual(["second", "the only account"]);
  const none = [null, "no provider account takes attachments"];
  expect(await choose(accounts.slice(0, 1), { hasAttachments: true })).toEqual(none);
});

test("the lowest rank is first, and what failed before it is passed over", async () => {
  const accounts = [account("second", { rank: 1 }), account("first")];
  expect(await choose(accounts)).toEqual(["first", "first in order"]);
  expect(await choose(accounts, { health: { first: { circuit: "open" } } })).toEqual([
    "second",
    "those before it are failing",
  ]);
});

test("an account this claim tried is not tried again", async () => {
  const accounts = [account("a"), account("b", { rank: 1 })];
  expect((await choose(accounts, { tried: ["a"] }))[0]).toBe("b");
  expect((await choose(accounts, { tried: ["a"] }))[1]).toMatch(/^failover: /);
  expect(await choose(accounts, { tried: ["a", "b"] })).toEqual([null, "every provider account was tried"]);
});

test("what is in doubt is repeated by its own account, and by another only where that may be and its own is failing", async () => {
  const accounts = [account("a"), account("b", { rank: 1 })];
  const mayMove = { account: "b", alsoWhileFailing: false, orNobody: false };
  const patient = { account: "b", alsoWhileFailing: true, orNobody: false };
  const binding = { account: "b", alsoWhileFailing: true, orNobody: true };
  const repeated = ["b", "repeats its attempt in doubt, under the same key"];
  const gone = [null, "the account of the attempt in doubt is not there any more"];
  const health = { b: { circuit: "open" as const } };
  expect(await choose(accounts, { repeats: mayMove })).toEqual(repeated);
  expect((await choose(accounts, { repeats: mayMove, health }))[0]).toBe("a");
  expect((await choose(accounts, { repeats: mayMove, tried: ["b"] }))[0]).toBe("a");
  expect(await choose(accounts, { repeats: patient, health })).toEqual(repeated);
  expect((await choose(accounts.slice(0, 1), { repeats: patient }))[0]).toBe("a");
  expect(await choose(accounts, { repeats: binding, health })).toEqual(repeated);
  expect(await choose(accounts, { repeats: binding, tried: ["b"] })).toEqual(gone);
  expect(await choose(accounts.slice(0, 1), { repeats: binding })).toEqual(gone);
});

test("where only its equals may follow an account, those of other ranks do not", async () => {
  const accounts = [account("a"), account("b"), account("c", { rank: 1 })];
  expect((await choose(accounts, { tried: ["a"], rank: 0 }))[0]).toBe("b");
  expect((await choose(accounts, { tried: ["a", "b"], rank: 0 }))[0]).toBeNull();
});

test("equals share by weight", async () => {
  const accounts = [account("a", { weight: 30 }), account("b", { weight: 70 })];
  expect(await choose(accounts, { random: 0.29 })).toEqual(["a", "30 % of 2 accounts"]);
  expect(await choose(accounts, { random: 0.31 })).toEqual(["b", "70 % of 2 accounts"]);
});

test("errors and slowness cost a share, never all of it", async () => {
  const accounts = [account("a"), account("b")];
  expect((await choose(accounts, { health: { a: { errorRate: 0.5 } }, random: 0.34 }))[0]).toBe("b");
  expect((await choose(accounts, { health: { a: { latencyMs: 1_000 }, b: { latencyMs: 100 } }, random: 0.2 }))[0]).toBe(
    "b",
  );
  expect((await choose(accounts, { health: { a: { errorRate: 1 } }, random: 0.04 }))[0]).toBe("a");
});

test("a half-open account gets the probe once", async () => {
  const accounts = [account("a"), account("b", { rank: 1 })];
  const health = { a: { circuit: "half-open" as const } };
  expect(await choose(accounts, { health, probes: ["a"] })).toEqual(["a", "probe of an account that was failing"]);
  expect((await choose(accounts, { health }))[0]).toBe("b");
});

test("when all are failing the first in order is tried all the same", async () => {
  const health = { a: { circuit: "open" as const }, b: { circuit: "open" as const } };
  expect(await choose([account("b", { rank: 1 }), account("a")], { health })).toEqual([
    "a",
    "all accounts are failing",
  ]);
});
