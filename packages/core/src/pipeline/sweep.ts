import { setTimeout as sleep } from "node:timers/promises";
import type { Database, Transaction } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import type { Metrics } from "@tidings/runtime/metrics";
import type { QueueEpoch } from "@tidings/runtime/queue-epoch";
import { groupBy } from "@tidings/shared/group-by";
import { isUnavailable } from "../postgres-errors";
import { reportEntry, reportQueue } from "../reports/queue-reports";
import { sweepReports } from "../reports/sweep-reports";
import type { WrittenReport } from "../reports/write-reports";
import { keepHouse } from "./keep-house";
import { lookAgainSoon, noteUnsettled, takeDue, type Unsettled } from "./look-at-unsettled";
import type { Publish } from "./publish";
import { type QueuedDelivery, queuedDeliveries } from "./queued-deliveries";
import { beginRebuild, isLeftTo, noteRebuilt, type Rebuild, readRebuild, readRebuildPage } from "./rebuild-queues";
import type { RoutedDelivery } from "./route";

export interface SweepDeps {
  database: Database;
  publish: Publish;
  /** Which of these deliveries are nowhere in the queues. */
  findLost(deliveries: readonly RoutedDelivery[]): Promise<readonly RoutedDelivery[]>;
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
/**
 * How many notifications of each priority, and how many reports, one tick looks at. There is no hurry: what is looked at waits
 * for good reason nearly always, and a million that wait in line must not keep the consumer from one-time passwords.
 */
const pageSize = 2_000;
/** How many notifications one transaction reads: nothing is done about them yet, and the urgent ones may come last. */
const noteSize = 20_000;

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

  /** @returns null when another process sweeps; nobody else does until `work` is done */
  function asOnlySweeper<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result | null> {
    return database.$transaction(
      async (transaction) => ((await isOnlySweeper(transaction)) ? await work(transaction) : null),
      { timeout: 30_000 },
    );
  }

  /** @returns whether there may be more to do at once */
  async function tick(): Promise<boolean> {
    if ((await epoch.isGone()) && !(await beginAnew())) return false;
    const found = await asOnlySweeper(async (transaction) => ({
      noted: await noteUnsettled(transaction, noteSize),
      reports: await sweepReports(transaction, pageSize),
      due: await takeDue(transaction, pageSize),
      rebuild: await readRebuild(transaction),
    }));
    if (!found) return false;
    const { noted, reports, due, rebuild } = found;
    await publishAgain(due.unsettled);
    await queueAgain(due.unsettled.filter((notification) => !isLeftTo(rebuild, "notification", notification)));
    await queueReportsAgain(reports.due.filter((report) => !isLeftTo(rebuild, "report", report)));
    const isRebuilding = rebuild && (await rebuildPage({ notification: noted.upTo, report: reports.noted.upTo }));
    return isRebuilding || noted.read === noteSize || isFull(reports.noted.read);
  }

  /** @returns whether the queues are to be rebuilt: known to all who sweep, before the queues count as new */
  async function beginAnew(): Promise<boolean> {
    const hasBegun = await asOnlySweeper(async (transaction) => {
      const isGone = await epoch.isGone(); // still: another process may have begun by now
      if (isGone) await beginRebuild(transaction);
      return isGone;
    });
    if (!hasBegun) return false;
    await epoch.begin();
    metrics.swept.inc({ reason: "queues_emptied" });
    logger.info("the queues were empty; everything unsettled is queued again");
    return true;
  }

  /** Queues the next page of a rebuild. It is noted as done only then: who dies over it leaves it to the next sweeper. */
  async function rebuildPage(noted: Pick<Rebuild, "notification" | "report">): Promise<boolean | null> {
    return await asOnlySweeper(async (transaction) => {
      const rebuild = await readRebuild(transaction);
      if (!rebuild) return false;
      const { processing, reports, after } = await readRebuildPage(transaction, rebuild, noted, pageSize);
      // Those that wait for another attempt too: a worker that gets them early sets them aside until then.
      const deliveries = await queuedDeliveries(database, processing, { all: true });
      await putBack(await deps.withSenders(deliveries), reports.map(inReportQueue));
      await noteRebuilt(transaction, after);
      return after.notification > rebuild.notification || after.report > rebuild.report;
    });
  }

  /** Urgent ones first, each priority in a batch of its own. */
  async function publishAgain(unsettled: readonly Unsettled[]): Promise<void> {
    const pending = groupBy(unsettled.filter(isPending), ({ priority }) => priority);
    const batches = [...pending].sort(([a], [b]) => a - b).map(([, batch]) => batch);
    for (const [position, batch] of batches.entries()) {
      if (!(await publish(batch))) return lookAgainSoon(database, batches.slice(position).flat());
      const late = batch.filter((notification) => notification.isLate).length;
      if (late === 0) continue;
      metrics.swept.inc({ reason: "publication_lost" }, late);
      logger.warn({ notifications: late }, "published notifications that were still pending");
    }
  }

  async function queueAgain(unsettled: readonly Unsettled[]): Promise<void> {
    const queued = await queuedDeliveries(database, unsettled.filter(isProcessing));
    await putBack(await deps.findLost(await deps.withSenders(queued)), []);
  }

  async function queueReportsAgain(due: readonly WrittenReport[]): Promise<void> {
    await putBack([], await deps.findLost(due.map(inReportQueue)));
  }

  async function putBack(deliveries: readonly RoutedDelivery[], reports: readonly RoutedDelivery[]): Promise<void> {
    if (deliveries.length > 0) {
      await enqueue(deliveries);
      metrics.swept.inc({ reason: "queue_entry_lost" }, deliveries.length);
      logger.warn({ deliveries: deliveries.length }, "queued deliveries that had no queue entry");
    }
    if (reports.length > 0) {
      await enqueue(reports);
      metrics.swept.inc({ reason: "report_lost" }, reports.length);
      logger.warn({ reports: reports.length }, "queued reports that had no queue entry");
    }
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

const isFull = (count: number) => count >= pageSize;
const isPending = ({ status }: Unsettled) => status === "PENDING";
const isProcessing = ({ status }: Unsettled) => status === "PROCESSING";
const inReportQueue = (report: WrittenReport): RoutedDelivery => ({ ...reportEntry(report), channel: reportQueue });

/** Held to the end of the transaction. */
async function isOnlySweeper(transaction: Transaction): Promise<boolean> {
  const [row] = await transaction.$queryRaw<[{ locked: boolean }]>`
    SELECT pg_try_advisory_xact_lock(hashtext('tidings.sweep')) AS locked`;
  return row.locked;
}
