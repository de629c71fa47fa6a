import type { SendOutcome } from "@tidings/channels/provider";
import { channels } from "@tidings/channels/registry";
import type { Database } from "@tidings/db/client";
import { createBatcher } from "@tidings/runtime/batcher";
import type { Logger } from "@tidings/runtime/logger";
import type { Metrics } from "@tidings/runtime/metrics";
import { publicId } from "@tidings/shared/ids";
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

/** What is left to do about a job: nothing, or run it again after a while. */
export type Delivered = { kind: "done" } | { kind: "later"; delayMs: number };

/** Longest one attempt may take: well within the lease of its claim. */
const attemptTimeoutMs = 20_000;
/** Added to the wait for another worker's lease, so that it has run out when we look. */
const leaseGraceMs = 250;
const done: Delivered = { kind: "done" };

/**
 * Stage 5. One attempt at one delivery. Safe to run twice: whoever loses the claim does nothing.
 * Only the processor that calls it knows how BullMQ spells "later".
 */
export function createDeliver(deps: DeliverDeps) {
  const { database, senders, render, report, logger, metrics } = deps;
  const claims = createBatcher({
    maxBatch: 200,
    concurrency: 2,
    maxWaiting: 10_000,
    run: (jobs: readonly { id: string; tenantId: string }[]) => claimDeliveries(database, jobs),
  });

  async function attempt(
    delivery: ClaimedDelivery,
    chosen: ChosenSender | null,
    signal: AbortSignal,
  ): Promise<Attempted> {
    if (!chosen) return rejected(`no provider account is set up for ${delivery.channel}`);
    if (delivery.ambiguous && mustNotRepeat(factsOf(delivery, chosen))) {
      return { outcome: { kind: "deferred", reason: "the attempt before ended without an outcome", ambiguous: true } };
    }
    const rendered = await render(delivery);
    if (!rendered.ok) return rejected(rendered.reason);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(attemptTimeoutMs)]);
    const outcome = await chosen.sender.send(
      { channel: delivery.channel, to: delivery.address, content: rendered.content },
      { idempotencyKey: publicId("delivery", delivery.id), attempt: delivery.attempt, signal: limit },
    );
    return { outcome, content: rendered.content };
  }

  return {
    async deliver(job: { id: string; tenantId: string }, signal: AbortSignal): Promise<Delivered> {
      const claim = await claims.add(job);
      if (!claim) return done;
      if ("busyForMs" in claim) return { kind: "later", delayMs: claim.busyForMs + leaseGraceMs };
      const { delivery } = claim;
      const startedAt = new Date();
      const started = performance.now();
      const chosen = await senders.choose(delivery.channel, delivery.mode);
      const { outcome, content } = await attempt(delivery, chosen, signal).catch((err: unknown): Attempted => {
        logger.error({ err, deliveryId: delivery.id, tenantId: delivery.tenantId }, "attempt threw: a bug");
        return { outcome: { kind: "deferred", reason: "internal error", ambiguous: true } };
      });
      const durationMs = performance.now() - started;
      const provider = chosen?.provider ?? "";
      const result = decideOutcome(factsOf(delivery, chosen), outcome);
      metrics.attempted.inc({ channel: delivery.channel, provider, outcome: result.outcome });
      metrics.stageSeconds.observe({ stage: "deliver" }, durationMs / 1_000);
      const { id: deliveryId, tenantId, channel } = delivery;
      logger.debug(
        { tenantId, deliveryId, channel, provider, attempt: delivery.attempt, outcome: result.outcome, durationMs },
        "delivery attempted",
      );
      await report({ delivery, provider, startedAt, durationMs, result, content });
      return result.retryInMs === null ? done : { kind: "later", delayMs: result.retryInMs };
    },

    /** Waits until every claim that was asked for is answered. */
    drain: () => claims.drain(),
  };
}

export type Deliver = ReturnType<typeof createDeliver>;

/** What an attempt gave, and the content it sent. */
interface Attempted {
  outcome: SendOutcome;
  content?: unknown;
}

function rejected(reason: string): Attempted {
  return { outcome: { kind: "rejected", reason } };
}

function factsOf({ attempt, priority, channel }: ClaimedDelivery, chosen: ChosenSender | null): AttemptFacts {
  return {
    attempt,
    priority,
    maxAttempts: channels.get(channel)?.maxAttempts ?? 1,
    honoursIdempotencyKey: chosen?.honoursIdempotencyKey ?? false,
  };
}
