import { setTimeout as sleep } from "node:timers/promises";
import type { Database, Transaction } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import type { Metrics } from "@tidings/runtime/metrics";
import type { QueueEpoch } from "@tidings/runtime/queue-epoch";
import { isUnavailable } from "../postgres-errors";
import { reportEntry, reportQueue } from "../reports/queue-reports";
import { sweepReports } from "../reports/sweep-reports";
import type { WrittenReport } from "../reports/write-reports";
import { keepHouse } from "./keep-house";
import { lookAgainSoon, makeAllDue, noteUnsettled, takeDue, type Unsettled } from "./look-at-unsettled";
import type { Publish } from "./publish";
import { type QueuedDelivery, queuedDeliveries } from "./queued-deliveries";
import type { RoutedDelivery } from "./route";

export interface SweepDeps {
  database: Database;
  publish: Publish;
  /** Which of these deliveries are nowhere in the queues. */
  findLost(deliveries: readonly RoutedDelivery[], linesAreLost: boolean): Promise<readonly RoutedDelivery[]>;
  enqueue(deliveries: readonly RoutedDelivery[]): Promise<void>;
  /** Names the sender of each delivery whose own limit counts. */
  withSenders(deliveries: readonly QueuedDelivery[]): Promise<RoutedDelivery[]>;
  /** Tells when the queues have lost everything, as a Redis that comes back empty has. */
  epoch: QueueEpoch;
  logger: Logger;
  metrics: Metrics;
}

const tickMs = 500;
const afterErrorMs = 2_000;
const housekeepingMs = 60 * 60 * 1_000;
/** How many notifications one transaction looks at. */
const pageSize = 2_000;

/**
 * Brings forward what nobody else does: schedules that are due, notifications whose publication failed, deliveries and
 * reports whose queue entry was lost. One at a time over all processes, by an advisory lock.
 *
 * The `schedule` table lists notifications to look at, and when. Beside those with a `sendAt`, it gets every notification
 * that is not settled some seconds after it was accepted: a mark moves over the ids in order and reads each once, so the
 * work is proportional to what is new and what is unsettled, never to the table.
 */
export function createSweep(deps: SweepDeps) {
  const { database, publish, enqueue, epoch, logger, metrics } = deps;
  /** When the queues were found empty; what was due by then has not been looked at since. */
  let emptiedAt: Date | null = null;

  /** @returns whether there may be more to do at once */
  async function tick(): Promise<boolean> {
    const isGone = await epoch.isGone();
    const found = await database.$transaction(
      async (transaction) => {
        if (!(await isOnlySweeper(transaction))) return null;
        const noted = await noteUnsettled(transaction, pageSize);
        const madeDueAt = isGone ? await makeAllDue(transaction) : null;
        const reports = await sweepReports(transaction, pageSize, isGone);
        return { noted, madeDueAt, reports, ...(await takeDue(transaction, pageSize)) };
      },
      { timeout: 30_000 },
    );
    if (!found) return false;
    if (found.madeDueAt) {
      emptiedAt = found.madeDueAt;
      await epoch.begin();
      metrics.swept.inc({ reason: "queues_emptied" });
      logger.info("the queues were empty; everything unsettled is looked at");
    }
    await publishAgain(found.unsettled.filter(({ status }) => status === "PENDING"));
    const processing = found.unsettled.filter(({ status }) => status === "PROCESSING");
    const isFirstLook = ({ dueAt }: Unsettled) => emptiedAt !== null && dueAt <= emptiedAt;
    await queueAgain(processing.filter(isFirstLook), true);
    await queueAgain(
      processing.filter((notification) => !isFirstLook(notification)),
      false,
    );
    await queueReportsAgain(found.reports.due, isGone);
    const { read, taken } = found.reports;
    return [found.noted, found.taken, read, taken].includes(pageSize);
  }

  async function publishAgain(pending: readonly Unsettled[]): Promise<void> {
    if (pending.length === 0) return;
    if (!(await publish(pending))) return lookAgainSoon(database, pending);
    const late = pending.filter((notification) => notification.isLate).length;
    if (late === 0) return;
    metrics.swept.inc({ reason: "publication_lost" }, late);
    logger.warn({ notifications: late }, "published notifications that were still pending");
  }

  async function queueAgain(processing: readonly Unsettled[], linesAreLost: boolean): Promise<void> {
    if (processing.length === 0) return;
    const queued = await queuedDeliveries(database, processing);
    const lost = await deps.findLost(await deps.withSenders(queued), linesAreLost);
    if (lost.length === 0) return;
    await enqueue(lost);
    metrics.swept.inc({ reason: "queue_entry_lost" }, lost.length);
    logger.warn({ deliveries: lost.length }, "queued deliveries that had no queue entry");
  }

  async function queueReportsAgain(due: readonly WrittenReport[], linesAreLost: boolean): Promise<void> {
    if (due.length === 0) return;
    const entries = due.map((report) => ({ ...reportEntry(report), channel: reportQueue }));
    const lost = await deps.findLost(entries, linesAreLost);
    if (lost.length === 0) return;
    await enqueue(lost);
    metrics.swept.inc({ reason: "report_lost" }, lost.length);
    logger.warn({ reports: lost.length }, "queued reports that had no queue entry");
  }

  /** Does work again and again; it says how long to wait. What fails is logged and tried again. */
  async function loop(signal: AbortSignal, work: () => Promise<number>): Promise<void> {
    while (!signal.aborted) {
      const waitMs = await work().catch((err: unknown) => {
        if (isUnavailable(err)) logger.warn({ err }, "sweep waits for Postgres");
        else logger.error({ err }, "sweep failed; trying again");
        return afterErrorMs;
      });
      await sleep(waitMs, undefined, { signal }).catch(() => {}); // the loop's condition sees the abort
    }
  }

  return {
    /** Sweeps until `signal` aborts. */
    async run(signal: AbortSignal): Promise<void> {
      await Promise.all([
        loop(signal, async () => ((await tick()) ? 0 : tickMs)),
        loop(signal, async () => {
          await keepHouse(database);
          return housekeepingMs;
        }),
      ]);
    },
  };
}

/** Held to the end of the transaction. */
async function isOnlySweeper(transaction: Transaction): Promise<boolean> {
  const [row] = await transaction.$queryRaw<[{ locked: boolean }]>`
    SELECT pg_try_advisory_xact_lock(hashtext('tidings.sweep')) AS locked`;
  return row.locked;
}
