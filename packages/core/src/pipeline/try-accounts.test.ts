import type { SendOutcome } from "@tidings/channels/provider";
import type { AccountRates, Turn } from "@tidings/runtime/account-rates";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { newUuid } from "@tidings/shared/ids";
import { expect, test } from "vitest";
import type { ResolveAttachments } from "../attachments/resolve-attachments";
import type { AccountWanted, ChosenAccount, ConnectedAccounts } from "../providers/sending/connected-accounts";
import type { ClaimedDelivery } from "./claim-deliveries";
import { createTryAccounts } from "./try-accounts";

const logger = createLogger({ name: "test", level: "silent" });
const metrics = createMetrics({ process: "test" });

const delivery: ClaimedDelivery = {
  id: newUuid(),
  tenantId: newUuid(),
  mode: "live",
  notificationId: newUuid(),
  channel: "email",
  address: "ann@example.com",
  recipientId: null,
  priority: 2,
  siblings: 1,
  claim: 1,
  attempt: 1,
  round: 1,
  ambiguous: false,
  doubtful: null,
  category: null,
  isTransactional: false,
  isBulk: false,
  tracksOpens: false,
  tracksClicks: false,
  templateId: null,
  templateVersion: null,
  data: null,
  content: { subject: "Hello", text: "Hi" },
  locale: null,
  recipientLocale: null,
  timeZone: null,
  recipientData: null,
  suppression: null,
};

/** Accounts that answer as told, tried in their order. */
function scripted(
  outcomes: Record<string, SendOutcome | Error>,
  {
    resolve,
    waits,
    takesKeys = [],
    turns,
  }: {
    resolve?: ResolveAttachments;
    waits?: Record<string, number>;
    takesKeys?: string[];
    turns?: Record<string, Turn>;
  } = {},
) {
  const sends: string[] = [];
  const recorded: [string, string][] = [];
  const letGo: string[] = [];
  const wanted: AccountWanted[] = [];
  const contents: unknown[] = [];
  const accounts: ConnectedAccounts = {
    async choose(want) {
      wanted.push(want);
      const { tried, repeats } = want;
      const order = [...(repeats ? [repeats.account] : []), ...(repeats?.orNobody ? [] : Object.keys(outcomes))];
      const account = order.find((id) => !tried.has(id) && id in outcomes);
      if (account === undefined) return { none: "every provider account was tried" };
      const chosen: ChosenAccount = {
        account,
        why: tried.size > 0 ? "failover: first in order" : "first in order",
        provider: "smtp",
        honoursIdempotencyKey: takesKeys.includes(account),
        isOnly: Object.keys(outcomes).length === 1,
        hasReceipts: false,
        rank: want.rank ?? 0,
        rate: turns?.[account] ? { perSecond: 1, burst: 1 } : null,
        ...(waits && { pairRate: { everyMs: 6_000, burst: 45 } }),
        connected: {
          async send({ content }) {
            contents.push(content);
            sends.push(account);
            const outcome = outcomes[account] as SendOutcome | Error;
            if (outcome instanceof Error) throw outcome;
            return outcome;
          },
        },
      };
      return chosen;
    },
    record: ({ account }, { kind }) => void recorded.push([account, kind]),
    letGo: ({ account }) => void letGo.push(account),
    close: async () => {},
  };
  const render = async () => ({ ok: true as const, content: {} });
  const resolveAttachments = resolve ?? (async (_, content) => ({ content, release: () => {} }));
  const owed: [string, number][] = [];
  const rates: AccountRates = {
    take: async ({ account }) => (turns as Record<string, Turn>)[account] as Turn,
    owe: (account, _, tokens) => void owed.push([account, tokens]),
  };
  const pairs = { take: async ({ account }: { account: string }) => (waits as Record<string, number>)[account] ?? 0 };
  const deps = { accounts, render, resolveAttachments, rates, pairs, logger, metrics };
  return { sends, recorded, letGo, owed, wanted, contents, tryAccounts: createTryAccounts(deps) };
}
const signal = new AbortController().signal;
const sent: SendOutcome = { kind: "sent", providerMessageId: "m" };
const refused: SendOutcome = { kind: "deferred", reason: "connect ECONNREFUSED" };

test("what an account can't be reached for, the next one takes at once, and that is counted", async () => {
  const failedOver = async () => (await metrics.failedOver.get()).values[0]?.value ?? 0;
  const before = await failedOver();
  const { tryAccounts, sends, recorded } = scripted({ a: refused, b: sent, c: sent });
  const report = await tryAccounts(delivery, signal);
  expect(sends).toEqual(["a", "b"]);
  expect(report.result).toMatchObject({ status: "SENT", providerMessageId: "m" });
  expect(report.earlier).toMatchObject([
    { number: 1, account: "a", outcome: "deferred", reason: "connect ECONNREFUSED" },
  ]);
  expect(report.last).toMatchObject({ number: 2, account: "b", choice: "failover: first in order" });
  expect(recorded).toEqual([
    ["a", "deferred"],
    ["b", "sent"],
  ]);
  expect(await failedOver()).toBe(before + 1);
});

test.each<[string, SendOutcome]>([
  ["may have taken it", { kind: "deferred", reason: "timeout", ambiguous: true }],
  ["is told that the recipient can't take it now", { kind: "deferred", reason: "452 4.2.2 full", isRecipients: true }],
  ["refuses the message itself", { kind: "rejected", reason: "550 no such user" }],
])("an account that %s is followed by no other", async (_, outcome) => {
  const { tryAccounts, sends } = scripted({ a: outcome, b: sent });
  await tryAccounts(delivery, signal);
  expect(sends).toEqual(["a"]);
});

test("an account without a free connection is passed over, and that is no attempt", async () => {
  const { tryAccounts } = scripted({ a: { kind: "busy", reason: "all are busy" }, b: sent });
  const report = await tryAccounts(delivery, signal);
  expect(report.earlier).toEqual([]);
  expect(report.last).toMatchObject({ number: 1, account: "b", outcome: "sent" });
});

test("an account that writes to an address too fast leaves it to the next, else it waits for its turn: no attempt", async () => {
  const { tryAccounts, sends } = scripted({ a: sent, b: sent }, { waits: { a: 12_000 } });
  expect((await tryAccounts(delivery, signal)).last).toMatchObject({ number: 1, account: "b", outcome: "sent" });
  expect(sends).toEqual(["b"]);
  const alone = scripted({ a: sent }, { waits: { a: 12_000 } });
  const report = await alone.tryAccounts(delivery, signal);
  expect(report.result).toMatchObject({ outcome: "busy", status: "QUEUED", retryInMs: 12_000 });
  expect([alone.sends, alone.recorded]).toEqual([[], [["a", "busy"]]]);
});

test("what is too fast for an account goes by its equals alone, else waits without an attempt", async () => {
  const turns = { a: { askInMs: 1_500 }, b: { sendInMs: 20 } };
  const equals = scripted({ a: sent, b: { ...sent, units: 3 } }, { turns });
  const report = await equals.tryAccounts(delivery, signal);
  expect(report.last).toMatchObject({ number: 1, account: "b", outcome: "sent" });
  expect(report.last.durationMs).toBeGreaterThan(15);
  expect([equals.sends, equals.owed]).toEqual([["b"], [["b", 2]]]);
  expect(equals.wanted.map(({ rank }) => rank)).toEqual([null, 0]);
  const alone = scripted({ a: sent }, { turns });
  expect((await alone.tryAccounts(delivery, signal)).result).toMatchObject({ status: "QUEUED", retryInMs: 1_500 });
  expect(alone.sends).toEqual([]);
});

test("when every account failed it waits for its next attempt", async () => {
  const { tryAccounts } = scripted({ a: refused, b: refused });
  const report = await tryAccounts(delivery, signal);
  expect(report.earlier).toHaveLength(1);
  expect(report.result).toMatchObject({ status: "QUEUED", retryInMs: expect.any(Number) });
});

test("a provider that throws may have sent it: no other account follows", async () => {
  const { tryAccounts, sends } = scripted({ a: new Error("bug"), b: sent });
  const report = await tryAccounts(delivery, signal);
  expect(sends).toEqual(["a"]);
  expect(report.last.reason).toBe("internal error");
});

const inDoubt: SendOutcome = { kind: "deferred", reason: "timeout", ambiguous: true };
const low = { ...delivery, priority: 3 };

test("an attempt in doubt is remembered with its account where that takes the same key, until the delivery is settled", async () => {
  const takesKeys = ["a"];
  const first = await scripted({ a: inDoubt, b: sent }, { takesKeys }).tryAccounts(low, signal);
  expect([first.result.status, first.doubtful]).toEqual(["QUEUED", "a"]);
  const again = { ...low, doubtful: "a", attempt: 2, round: 2 };
  const refusing = await scripted({ b: sent, a: refused }, { takesKeys }).tryAccounts(again, signal);
  expect([refusing.last.account, refusing.result.status, refusing.doubtful]).toEqual(["a", "QUEUED", "a"]);
  const without = await scripted({ a: inDoubt, b: sent }).tryAccounts(delivery, signal);
  expect([without.result.status, without.doubtful]).toEqual(["QUEUED", null]);
});

test("low and in doubt it goes by no other account, neither at once nor when its own is gone", async () => {
  const again = { ...low, doubtful: "a", attempt: 2, round: 2 };
  const options = { takesKeys: ["a", "b"] };
  const elsewhere = scripted({ b: sent, a: refused }, options);
  await elsewhere.tryAccounts(again, signal);
  expect(elsewhere.sends).toEqual(["a"]);
  const gone = scripted({ b: sent }, options);
  expect((await gone.tryAccounts(again, signal)).result.status).toBe("UNKNOWN");
  expect(gone.sends).toEqual([]);
  const normal = scripted({ b: sent, a: refused }, options);
  expect((await normal.tryAccounts({ ...again, priority: 2 }, signal)).result.status).toBe("SENT");
  expect(normal.sends).toEqual(["a", "b"]);
});

test("low and lost with its worker it goes again only where one account could have sent it, under the same key", async () => {
  const lost = { ...low, ambiguous: true, attempt: 2, round: 2 };
  const takesKeys = ["a", "b"];
  const several = scripted({ a: sent, b: sent }, { takesKeys });
  expect((await several.tryAccounts(lost, signal)).result.status).toBe("UNKNOWN");
  expect(several.sends).toEqual([]);
  const keyless = scripted({ a: sent });
  expect((await keyless.tryAccounts(lost, signal)).result.status).toBe("UNKNOWN");
  const only = await scripted({ a: refused }, { takesKeys }).tryAccounts(lost, signal);
  expect([only.last.account, only.result.status, only.doubtful]).toEqual(["a", "QUEUED", "a"]);
  const known = scripted({ b: sent, a: sent }, { takesKeys });
  await known.tryAccounts({ ...lost, doubtful: "a" }, signal);
  expect(known.sends).toEqual(["a"]);
  const normal = scripted({ a: sent, b: sent });
  expect((await normal.tryAccounts({ ...lost, priority: 2 }, signal)).result.status).toBe("SENT");
});

test("nothing is sent to an address that was suppressed since", async () => {
  const { tryAccounts, sends } = scripted({ a: sent });
  const suppression = { reason: "stop" as const, category: "", detail: null };
  const report = await tryAccounts({ ...delivery, suppression }, signal);
  expect(sends).toEqual([]);
  expect(report.result).toMatchObject({ status: "SKIPPED", reason: "suppressed: STOP" });
});

test("files are put in once, for all accounts, and released when the last is through", async () => {
  const held = new Set<string>();
  const resolve: ResolveAttachments = async (_, content) => {
    held.add("content");
    return { content: { ...(content as object), attachments: ["the bytes"] }, release: () => held.clear() };
  };
  const { tryAccounts, wanted, contents } = scripted({ a: refused, b: sent }, { resolve });
  const content = { subject: "Hello", text: "Hi", attachments: [{ id: "fil_1" }] };
  const report = await tryAccounts({ ...delivery, content }, signal);
  expect(wanted.map(({ hasAttachments }) => hasAttachments)).toEqual([true, true]);
  expect(contents).toEqual([{ attachments: ["the bytes"] }, { attachments: ["the bytes"] }]);
  expect(report.content).toEqual({});
  expect(held.size).toBe(0);
});

test.each<[SendOutcome, string]>([
  [{ kind: "rejected", reason: "attachments are gone: a.pdf" }, "FAILED"],
  [{ kind: "busy", reason: "no memory" }, "QUEUED"],
])("without its files it is not sent: %j", async (outcome, status) => {
  const { tryAccounts, sends, recorded, letGo } = scripted({ a: sent }, { resolve: async () => ({ outcome }) });
  expect((await tryAccounts(delivery, signal)).result).toMatchObject({
    status,
    reason: (outcome as { reason: string }).reason,
  });
  expect([sends, recorded, letGo]).toEqual([[], [], ["a"]]);
});
