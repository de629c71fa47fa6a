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
import { type AttemptFacts, decideOutcome, mustNotRepeat } from "./decide-outcome";
import type { Report } from "./report";

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

  async function attempt(delivery: ClaimedDelivery, signal: AbortSignal): Promise<Attempted> {
    let chosen: ChosenSender | null = null;
    let isSending = false;
    try {
      chosen = await senders.choose(delivery.channel, delivery.address, delivery.mode);
      if (!chosen) return rejected(chosen, `no provider account is set up for ${delivery.channel}`);
      const facts = factsOf(delivery, chosen);
      if (delivery.ambiguous && (mustNotRepeat(facts) || facts.attempt > facts.maxAttempts)) {
        const reason = "the attempt before ended without an outcome";
        return { chosen, outcome: { kind: "deferred", reason, ambiguous: true } };
      }
      const rendered = await render(delivery);
      if (!rendered.ok) return rejected(chosen, rendered.reason);
      if (signal.aborted) return { chosen, outcome: { kind: "busy", reason: "there was no time left to send it" } };
      isSending = true;
      const outcome = await chosen.sender.send(
        { channel: delivery.channel, to: delivery.address, content: rendered.content },
        { idempotencyKey: publicId("delivery", delivery.id), attempt: delivery.attempt, signal },
      );
      return { chosen, outcome, content: rendered.content };
    } catch (err) {
      logger.error({ err, deliveryId: delivery.id, tenantId: delivery.tenantId }, "attempt threw: a bug");
      return { chosen, outcome: { kind: "deferred", reason: "internal error", ambiguous: isSending } };
    }
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
      const startedAt = new Date();
      const started = performance.now();
      const { chosen, outcome, content } = await attempt(delivery, signal);
      const durationMs = performance.now() - started;
      const provider = chosen?.provider ?? "";
      const result = decideOutcome(factsOf(delivery, chosen), outcome);
      metrics.attempted.inc({ channel: delivery.channel, provider, outcome: result.outcome });
      metrics.stageSeconds.observe({ stage: "deliver" }, durationMs / 1_000);
      const { id: deliveryId, tenantId, channel } = delivery;
      const line = {
        tenantId,
        deliveryId,
        channel,
        provider,
        attempt: delivery.attempt,
        outcome: result.outcome,
        durationMs,
      };
      logger[result.outcome === "sent" ? "debug" : "info"](line, "delivery attempted");
      unreported.add(job.id);
      await report({ delivery, provider, startedAt, durationMs, result, content }).finally(() =>
        unreported.delete(job.id),
      );
      return result.retryInMs === null ? done : { kind: "later", delayMs: result.retryInMs };
    },

    /** Waits until every claim that was asked for is answered. */
    drain: () => Promise.all([claims.urgent.drain(), claims.others.drain()]),
  };
}

export type Deliver = ReturnType<typeof createDeliver>;

/** What an attempt gave, with whom, and the content it sent. */
interface Attempted {
  chosen: ChosenSender | null;
  outcome: SendOutcome;
  content?: unknown;
}

function rejected(chosen: ChosenSender | null, reason: string): Attempted {
  return { chosen, outcome: { kind: "rejected", reason } };
}

function factsOf({ attempt, priority, channel }: ClaimedDelivery, chosen: ChosenSender | null): AttemptFacts {
  return {
    attempt,
    priority,
    maxAttempts: channels.get(channel)?.maxAttempts ?? 1,
    honoursIdempotencyKey: chosen?.honoursIdempotencyKey ?? false,
  };
}
