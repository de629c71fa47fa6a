import { setTimeout as sleep } from "node:timers/promises";
import type { SendOutcome } from "@tidings/channels/provider";
import { channels } from "@tidings/channels/registry";
import type { AccountRates } from "@tidings/runtime/account-rates";
import type { Logger } from "@tidings/runtime/logger";
import type { Metrics } from "@tidings/runtime/metrics";
import type { PairRates } from "@tidings/runtime/pair-rates";
import { publicId } from "@tidings/shared/ids";
import { attachmentsOf } from "../attachments/attachments-of";
import type { ResolveAttachments } from "../attachments/resolve-attachments";
import type { ChosenAccount, ConnectedAccounts } from "../providers/sending/connected-accounts";
import { suppressedBecause } from "../suppressions/suppression-of";
import type { RenderedDelivery } from "../templates/render-delivery";
import type { ClaimedDelivery } from "./claim-deliveries";
import { type AttemptFacts, decideOutcome, mustNotRepeat } from "./decide-outcome";
import type { AttemptReport, Try } from "./report";

export interface TryAccountsDeps {
  accounts: ConnectedAccounts;
  render(delivery: ClaimedDelivery): Promise<RenderedDelivery>;
  resolveAttachments: ResolveAttachments;
  rates: AccountRates;
  pairs: PairRates;
  logger: Logger;
  metrics: Metrics;
}

export type TryAccounts = (delivery: ClaimedDelivery, signal: AbortSignal) => Promise<AttemptReport>;

/**
 * Sends a claimed delivery: by one account after the other, as long as it is certain that nothing was sent. What an account
 * refuses or can't be reached for, the next one may take at once. Never throws.
 */
export function createTryAccounts({
  accounts,
  render,
  resolveAttachments,
  rates,
  pairs,
  logger,
  metrics,
}: TryAccountsDeps): TryAccounts {
  async function tryAccounts(claimed: ClaimedDelivery, signal: AbortSignal): Promise<AttemptReport> {
    const { suppression } = claimed;
    if (suppression)
      return over(claimed, [], null, begin(), { kind: "skipped", reason: suppressedBecause(suppression) });
    const chosen = await choose(claimed, new Set(), null);
    if ("none" in chosen) {
      const { none: reason } = chosen;
      const outcome: SendOutcome = mayDouble(claimed, null) ? { ...doubt, reason } : { kind: "rejected", reason };
      return over(claimed, [], null, begin(), outcome);
    }
    const delivery = claimed.ambiguous ? { ...claimed, doubtful: doubtfulAccount(claimed, chosen) } : claimed;
    const { round, maxAttempts } = factsOf(delivery, chosen);
    const unsent = (outcome: SendOutcome, by: ChosenAccount | null = chosen) => {
      accounts.letGo(chosen);
      return over(delivery, [], by, begin(), outcome);
    };
    if (mayDouble(delivery, chosen.account) || (delivery.ambiguous && round > maxAttempts)) return unsent(doubt, null);
    const rendered = await render(delivery);
    if (!rendered.ok) return unsent({ kind: "rejected", reason: rendered.reason });
    const resolved = await resolveAttachments(delivery.tenantId, rendered.content);
    if ("outcome" in resolved) return unsent(resolved.outcome);
    const message = { said: rendered.content, content: resolved.content };
    return await sendByOneAfterTheOther(delivery, chosen, message, signal).finally(resolved.release);
  }

  /** @param message what its notification says, and that as the provider gets it */
  async function sendByOneAfterTheOther(
    delivery: ClaimedDelivery,
    first: ChosenAccount,
    { said, content }: { said: unknown; content: unknown },
    signal: AbortSignal,
  ): Promise<AttemptReport> {
    const earlier: Try[] = [];
    const tried = new Set<string>();
    for (let chosen = first; ; ) {
      const begun = begin();
      const tooFast = await waitForTurn(delivery, chosen, signal);
      const outcome = tooFast ?? (await send(delivery, chosen, content, signal));
      const report = over(delivery, earlier, chosen, begun, outcome, said);
      accounts.record(chosen, outcome, report.last.durationMs);
      tried.add(chosen.account);
      if (!isNobodysYet(outcome) || signal.aborted) return report;
      const next: ChosenAccount | { none: string } = await choose(delivery, tried, tooFast ? chosen.rank : null);
      if ("none" in next) return report;
      if (outcome.kind === "deferred") {
        earlier.push(report.last);
        count(delivery, report.last);
        metrics.failedOver.inc({ channel: delivery.channel, provider: chosen.provider });
      }
      chosen = next;
    }
  }

  const choose = (delivery: ClaimedDelivery, tried: ReadonlySet<string>, rank: number | null) => {
    const { tenantId, channel, address, mode, content, doubtful, priority } = delivery;
    const orNobody = mayDouble(delivery, null);
    const repeats = doubtful === null ? null : { account: doubtful, alsoWhileFailing: priority !== 0, orNobody };
    const hasAttachments = attachmentsOf(content).length > 0;
    return accounts.choose({ tenantId, channel, address, mode, hasAttachments, tried, rank, repeats });
  };

  /** Waits until the account's own rate lets it send; what would wait too long is told, and no attempt. */
  async function waitForTurn(
    { priority }: ClaimedDelivery,
    { account, rate }: ChosenAccount,
    signal: AbortSignal,
  ): Promise<SendOutcome | null> {
    if (!rate) return null;
    const turn = await rates.take({ account, rate, isUrgent: priority === 0 });
    if ("askInMs" in turn)
      return { kind: "busy", reason: "this account sends as fast as it may", retryAfterMs: turn.askInMs };
    if (turn.sendInMs > 0) await sleep(turn.sendInMs, undefined, { signal }).catch(() => {}); // aborted: `send` sees it
    return null;
  }

  async function send(
    { id, channel, address, attempt, tenantId, priority }: ClaimedDelivery,
    { account, connected, rate, pairRate, receiptUrl }: ChosenAccount,
    content: unknown,
    signal: AbortSignal,
  ): Promise<SendOutcome> {
    if (signal.aborted) return { kind: "busy", reason: "there was no time left to send it" };
    const waitMs = pairRate ? await pairs.take({ account, address, rate: pairRate, isUrgent: priority === 0 }) : 0;
    if (waitMs > 0)
      return { kind: "busy", reason: "this sender writes to this address too fast", retryAfterMs: waitMs };
    try {
      const outcome = await connected.send(
        { channel, to: address, content },
        {
          idempotencyKey: publicId("delivery", id),
          attempt,
          signal,
          ...(receiptUrl !== undefined && { receiptUrl }),
        },
      );
      if (rate && outcome.kind === "sent" && (outcome.units ?? 1) > 1)
        rates.owe(account, rate, (outcome.units ?? 1) - 1);
      return outcome;
    } catch (err) {
      logger.error({ err, deliveryId: id, tenantId }, "attempt threw: a bug");
      return { kind: "deferred", reason: "internal error", ambiguous: true };
    }
  }

  /** One try in metrics and log. */
  function count({ id, tenantId, channel }: ClaimedDelivery, one: Try): void {
    const { provider, account, durationMs, outcome } = one;
    metrics.attempted.inc({ channel, provider, outcome });
    metrics.stageSeconds.observe({ stage: "deliver" }, durationMs / 1_000);
    const line = { tenantId, deliveryId: id, channel, provider, account, attempt: one.number, outcome, durationMs };
    logger[outcome === "sent" ? "debug" : "info"](line, "delivery attempted");
  }

  return async (delivery, signal) => {
    const report = await tryAccounts(delivery, signal).catch((err: unknown) => {
      logger.error({ err, deliveryId: delivery.id, tenantId: delivery.tenantId }, "attempt threw: a bug");
      return over(delivery, [], null, begin(), { kind: "deferred", reason: "internal error" });
    });
    count(delivery, report.last);
    return report;
  };
}

const doubt = {
  kind: "deferred",
  reason: "the attempt before ended without an outcome",
  ambiguous: true,
} as const satisfies SendOutcome;

/** Whether sending by an account could be for the second time, where that is worse than perhaps not sending. */
function mayDouble({ ambiguous, doubtful, priority }: ClaimedDelivery, account: string | null): boolean {
  const honoursIdempotencyKey = account !== null && account === doubtful;
  return (ambiguous || doubtful !== null) && mustNotRepeat({ priority, honoursIdempotencyKey });
}

/**
 * The account at which a claim that ended without an outcome may be repeated: that of the attempt in doubt before it, else the
 * only one there is. Which of several it had chosen nobody knows.
 */
function doubtfulAccount({ doubtful }: ClaimedDelivery, chosen: ChosenAccount): string | null {
  return doubtful ?? (chosen.isOnly && chosen.honoursIdempotencyKey ? chosen.account : null);
}

/** Whether it is certain that the message went nowhere, for a reason that another account may not have. */
function isNobodysYet(outcome: SendOutcome): boolean {
  return outcome.kind === "busy" || (outcome.kind === "deferred" && !outcome.ambiguous && !outcome.isRecipients);
}

interface Begun {
  at: Date;
  ms: number;
}

const begin = (): Begun => ({ at: new Date(), ms: performance.now() });

/** What there is to report once a try is over, with those before it. */
function over(
  delivery: ClaimedDelivery,
  earlier: readonly Try[],
  chosen: ChosenAccount | null,
  begun: Begun,
  outcome: SendOutcome | { kind: "skipped"; reason: string },
  content: unknown = null,
): AttemptReport {
  const result = decideOutcome(factsOf(delivery, chosen), outcome);
  const isInDoubt = outcome.kind === "deferred" && outcome.ambiguous && chosen?.honoursIdempotencyKey;
  const last: Try = {
    number: delivery.attempt + earlier.length,
    provider: chosen?.provider ?? "",
    account: chosen?.account ?? null,
    choice: chosen?.why ?? null,
    hasReceipts: chosen?.hasReceipts ?? false,
    startedAt: begun.at,
    durationMs: performance.now() - begun.ms,
    outcome: result.outcome,
    reason: result.reason,
    providerMessageId: result.providerMessageId,
  };
  const doubtful = isInDoubt ? chosen.account : delivery.doubtful;
  return { delivery, earlier: [...earlier], last, result, doubtful, content };
}

function factsOf(delivery: ClaimedDelivery, chosen: ChosenAccount | null): AttemptFacts {
  return {
    round: delivery.round,
    priority: delivery.priority,
    maxAttempts: channels.get(delivery.channel)?.maxAttempts ?? 1,
    honoursIdempotencyKey: chosen?.honoursIdempotencyKey ?? false,
    isInDoubt: delivery.doubtful !== null,
  };
}
