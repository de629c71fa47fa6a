import type { Database } from "@tidings/db/client";
import { createBatcher } from "@tidings/runtime/batcher";
import { createTurns } from "@tidings/runtime/take-turns";
import { isDataError, isUnavailable } from "../postgres-errors";
import { type Claim, claimDeliveries } from "./claim-deliveries";
import type { Report } from "./report";
import { createTryAccounts, type TryAccountsDeps } from "./try-accounts";

export interface DeliverDeps extends TryAccountsDeps {
  database: Database;
  report: Report;
}

/** A delivery a worker was handed. */
export interface DeliverJob {
  id: string;
  tenantId: string;
  /** Position in `priorities`. */
  priority: number;
}

/**
 * What is left to do about a delivery: nothing, or try it again after a while. `units` is what the provider bills for what
 * was sent, SMS segments for instance; absent where nothing was.
 */
export type Delivered = { kind: "done"; units?: number } | { kind: "later"; delayMs: number };

/** Deliveries rendered and handed on in one turn of the event loop: about a millisecond's worth. */
const deliveriesPerTurn = 8;
/** How long deliveries that are not critical gather to be claimed: a statement costs as much as claiming thirty. */
const gatherMs = 10;
/** Until a delivery is looked at again whose outcome waits for Postgres. */
const unreportedMs = 2_000;
/**
 * For so long after Postgres was away workers take over nothing: leases ran out meanwhile, and whoever knows what came of an
 * attempt records it within half a second.
 */
const recordFirstMs = 5_000;
/** Added to the wait for another worker's lease, so that it has run out when we look. */
const leaseGraceMs = 250;
const done: Delivered = { kind: "done" };

/**
 * Stage 5. One attempt at one delivery. Safe to run twice: whoever loses the claim does nothing. Critical deliveries are
 * claimed by themselves, so that they never wait for a large batch of others.
 */
export function createDeliver(deps: DeliverDeps) {
  const { database, report, logger, metrics } = deps;
  const tryAccounts = createTryAccounts(deps);
  let awayAt = Number.NEGATIVE_INFINITY;
  async function claimAll(jobs: readonly DeliverJob[]): Promise<Claim[]> {
    const takesOver = performance.now() - awayAt > recordFirstMs;
    return await claimDeliveries(database, jobs, { takesOver }).catch((error: unknown) => {
      if (isUnavailable(error)) awayAt = performance.now();
      throw error;
    });
  }
  const claimer = (gapMs: number) =>
    createBatcher({ maxBatch: 100, concurrency: 2, gapMs, maxWaiting: 10_000, run: claimAll, isDataError });
  const claims = { urgent: claimer(0), others: claimer(gatherMs) };
  const takeTurn = createTurns(deliveriesPerTurn);
  /** Outcomes that are not recorded yet: while Postgres is away their claims run out, and they must not be sent again. */
  const unreported = new Set<string>();

  return {
    /** @param signal aborts when the attempt has taken too long, or the process ends */
    async deliver(job: DeliverJob, signal: AbortSignal): Promise<Delivered> {
      if (unreported.has(job.id)) return { kind: "later", delayMs: unreportedMs };
      const claim = await (job.priority === 0 ? claims.urgent : claims.others).add(job);
      if (!claim) return done;
      if ("busyForMs" in claim) return { kind: "later", delayMs: claim.busyForMs + leaseGraceMs };
      if (job.priority !== 0) await takeTurn();
      const { delivery } = claim;
      if (delivery.ambiguous) {
        const { tenantId, id: deliveryId } = delivery;
        metrics.swept.inc({ reason: "lease_ran_out" });
        logger.warn({ tenantId, deliveryId }, "took over a delivery whose worker did not tell what came of it");
      }
      const attempted = await tryAccounts(delivery, signal);
      unreported.add(job.id);
      await report(attempted).finally(() => unreported.delete(job.id));
      const { result } = attempted;
      const { retryInMs, units } = result;
      return retryInMs === null ? { kind: "done", units } : { kind: "later", delayMs: retryInMs };
    },

    /** Waits until every claim that was asked for is answered. */
    drain: () => Promise.all([claims.urgent.drain(), claims.others.drain()]),
  };
}

export type Deliver = ReturnType<typeof createDeliver>;
