import type { FairQueue } from "@tidings/runtime/fair-queue";
import type { Logger } from "@tidings/runtime/logger";
import { priorities } from "@tidings/shared/priorities";
import type { WrittenReport } from "./write-reports";

/** Queues reports whose transaction has committed. Never throws: what it could not queue, the sweep does. */
export type QueueReports = (reports: readonly WrittenReport[]) => Promise<void>;

/** The name of the fair queue that reports wait in: beside those of the channels, and of the same make. */
export const reportQueue = "reports";

const normal = priorities.indexOf("normal");

/** An entry of the fair queue: each endpoint stands there as a tenant of its own, so that a slow one costs nobody else. */
export function reportEntry({ id, endpointId }: WrittenReport) {
  return { id, tenantId: endpointId, priority: normal };
}

export function createQueueReports(deps: { fair: FairQueue; logger: Logger }): QueueReports {
  const { fair, logger } = deps;
  return async (reports) => {
    if (reports.length === 0) return;
    await fair
      .push(reports.map(reportEntry))
      .catch((err: unknown) => logger.warn({ err, reports: reports.length }, "reports not queued; the sweep will"));
  };
}
