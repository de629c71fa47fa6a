import type { SendOutcome } from "@tidings/channels/provider";
import { channels } from "@tidings/channels/registry";
import type { Database } from "@tidings/db/client";
import { createBatcher } from "@tidings/runtime/batcher";
import type { Logger } from "@tidings/runtime/logger";
import type { Metrics } from "@tidings/runtime/metrics";
import { createTurns } from "@tidings/runtime/take-turns";
import { publicId } from "@tidings/shared/ids";
import { isDataError } from "../postgres-errors";
import type { ChosenSender, Senders } from "../providers/senders";
import type { RenderDelivery } from "../templates/render-delivery";
import { type ClaimedDelivery, claimDeliveries } from "./claim-deliveries";
import { type AttemptFacts, type AttemptResult, decideOutcome, mustNotRepeat } from "./decide-outcome";
import type { AttemptReport, Report, Try } from "./report";

export interface DeliverDeps {
  database: Database;
  senders: Senders;
  render: RenderDelivery;
  report: Report;
  logger: Logger;
  metrics: Metrics;
}

/** A delivery a worker was handed. */
export interface DeliverJob {
  id: string;
  tenantId: string;
  /** Position in `priorities`. */
  priority: number;
}

/** What is left to do about a delivery: nothing, or try it again after a while. */
export type Delivered = { kind: "done" } | { kind: "later"; delayMs: number };

/** Deliveries rendered and handed on in one turn of the event loop: about a millisecond's worth. */
const deliveriesPerTurn = 8;
/** Until a delivery is looked at again whose outcome waits for Postgres. */
const unreportedMs = 2_000;
/** Added to the wait for another worker's lease, so that it has run out when we look. */
const leaseGraceMs = 250;
const done: Delivered = { kind: "done" };

/**
 * Stage 5. One attempt at one delivery. Safe to run twice: whoever loses the claim does nothing. Critical deliveries are
 * claimed by themselves, so that they never wait for a large batch of others.
 */
export function createDeliver(deps: DeliverDeps) {
  const { database, senders, render, report, logger, metrics } = deps;
  const claimer = () =>
    createBatcher({
      maxBatch: 100,
      concurrency: 2,
      maxWaiting: 10_000,
      run: (jobs: readonly DeliverJob[]) => claimDeliveries(database, jobs),
      isDataError,
    });
  const claims = { urgent: claimer(), others: claimer() };
  const takeTurn = createTurns(deliveriesPerTurn);
  /** Outcomes that are not recorded yet: while Postgres is away their claims run out, and they must not be sent again. */
  const unreported = new Set<string>();

  /**
   * Tries one account after the other, as long as it is certain that nothing was sent: what an account refuses or can't be
   * reached for, the next one may take at once.
   */
  async function attempt(delivery: ClaimedDelivery, signal: AbortSignal): Promise<AttemptReport> {
    const earlier: Try[] = [];
    const tried = new Set<string>();
    const facts = (chosen: ChosenSender | null) => factsOf(delivery, earlier.length, chosen);
    let chosen = await choose(delivery, tried);
    if ("none" in chosen) return gaveUp(delivery, chosen.none);
    if (delivery.ambiguous && (mustNotRepeat(facts(chosen)) || delivery.attempt > maxAttemptsOf(delivery))) {
      const reason = "the attempt before ended without an outcome";
      return over(delivery, earlier, chosen, since(), { kind: "deferred", reason, ambiguous: true }, null);
    }
    const rendered = await render(delivery);
    if (!rendered.ok)
      return over(delivery, earlier, chosen, since(), { kind: "rejected", reason: rendered.reason }, null);
    for (;;) {
      const begun = since();
      const outcome = await send(delivery, chosen, rendered.content, signal);
      const report = over(delivery, earlier, chosen, begun, outcome, rendered.content);
      senders.record(chosen, outcome, report.last.durationMs);
      tried.add(chosen.account);
      if (!isNobodysYet(outcome) || signal.aborted) return report;
      const next: ChosenSender | { none: string } = await choose(delivery, tried);
      if ("none" in next) return report;
      if (outcome.kind === "deferred") {
        earlier.push(report.last);
        count(delivery, report.last, report.result);
        metrics.failedOver.inc({ channel: delivery.channel, provider: chosen.provider });
      }
      chosen = next;
    }
  }

  const choose = ({ tenantId, channel, address, mode }: ClaimedDelivery, tried: ReadonlySet<string>) =>
    senders.choose({ tenantId, channel, address, mode, tried });

  async function send(
    { id, channel, address, attempt, tenantId }: ClaimedDelivery,
    { sender, receiptUrl }: ChosenSender,
    content: unknown,
    signal: AbortSignal,
  ): Promise<SendOutcome> {
    if (signal.aborted) return { kind: "busy", reason: "there was no time left to send it" };
    try {
      return await sender.send(
        { channel, to: address, content },
        {
          idempotencyKey: publicId("delivery", id),
          attempt,
          signal,
          ...(receiptUrl !== undefined && { receiptUrl }),
        },
      );
    } catch (err) {
      logger.error({ err, deliveryId: id, tenantId }, "attempt threw: a bug");
      return { kind: "deferred", reason: "internal error", ambiguous: true };
    }
  }

  /** One attempt in metrics and log. */
  function count({ id, tenantId, channel }: ClaimedDelivery, one: Try, { outcome }: Pick<AttemptResult, "outcome">) {
    const { provider, account, durationMs } = one;
    metrics.attempted.inc({ channel, provider, outcome });
    metrics.stageSeconds.observe({ stage: "deliver" }, durationMs / 1_000);
    const line = { tenantId, deliveryId: id, channel, provider, account, attempt: one.number, outcome, durationMs };
    logger[outcome === "sent" ? "debug" : "info"](line, "delivery attempted");
  }

  return {
    /** @param signal aborts when the attempt has taken too long, or the process ends */
    async deliver(job: DeliverJob, signal: AbortSignal): Promise<Delivered> {
      if (unreported.has(job.id)) return { kind: "later", delayMs: unreportedMs };
      const claim = await (job.priority === 0 ? claims.urgent : claims.others).add(job);
      if (!claim) return done;
      if ("busyForMs" in claim) return { kind: "later", delayMs: claim.busyForMs + leaseGraceMs };
      if (job.priority !== 0) await takeTurn();
      const { delivery } = claim;
      const attempted = await attempt(delivery, signal).catch((err: unknown) => {
        logger.error({ err, deliveryId: delivery.id, tenantId: delivery.tenantId }, "attempt threw: a bug");
        return over(delivery, [], null, since(), { kind: "deferred", reason: "internal error" }, null);
      });
      count(delivery, attempted.last, attempted.result);
      unreported.add(job.id);
      await report(attempted).finally(() => unreported.delete(job.id));
      const { result } = attempted;
      return result.retryInMs === null ? done : { kind: "later", delayMs: result.retryInMs };
    },

    /** Waits until every claim that was asked for is answered. */
    drain: () => Promise.all([claims.urgent.drain(), claims.others.drain()]),
  };
}

export type Deliver = ReturnType<typeof createDeliver>;

/** Whether it is certain that the message went nowhere, for a reason that another account may not have. */
function isNobodysYet(outcome: SendOutcome): boolean {
  return outcome.kind === "busy" || (outcome.kind === "deferred" && !outcome.ambiguous);
}

interface Begun {
  at: Date;
  ms: number;
}

const since = (): Begun => ({ at: new Date(), ms: performance.now() });

/** What there is to report once a try is over, with those before it. */
function over(
  delivery: ClaimedDelivery,
  earlier: readonly Try[],
  chosen: ChosenSender | null,
  begun: Begun,
  outcome: SendOutcome,
  content: unknown,
): AttemptReport {
  const result = decideOutcome(factsOf(delivery, earlier.length, chosen), outcome);
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
  return { delivery, earlier: [...earlier], last, result, content };
}

function gaveUp(delivery: ClaimedDelivery, reason: string): AttemptReport {
  return over(delivery, [], null, since(), { kind: "rejected", reason }, null);
}

function factsOf(delivery: ClaimedDelivery, earlier: number, chosen: ChosenSender | null): AttemptFacts {
  return {
    attempt: delivery.attempt + earlier,
    priority: delivery.priority,
    maxAttempts: maxAttemptsOf(delivery),
    honoursIdempotencyKey: chosen?.honoursIdempotencyKey ?? false,
  };
}

function maxAttemptsOf({ channel }: ClaimedDelivery): number {
  return channels.get(channel)?.maxAttempts ?? 1;
}
