import { isUnavailable } from "../postgres-errors";
import { type ApplyReceiptsDeps, applyWaitingReceipts } from "./apply-receipts";

/** Applies receipts right after they were stored, without having a provider wait for it. What is left, the sweep does. */
export function createApplyReceiptsSoon(deps: ApplyReceiptsDeps) {
  const closing = new AbortController();
  let running: Promise<void> | null = null;
  let isAsked = false;

  /** One run at a time: whatever came meanwhile goes into the next. */
  async function run(): Promise<void> {
    while (isAsked && !closing.signal.aborted) {
      isAsked = false;
      await applyWaitingReceipts(deps, closing.signal).catch((err: unknown) => {
        if (isUnavailable(err)) deps.logger.warn({ err }, "receipts wait for Postgres");
        else deps.logger.error({ err }, "receipts could not be applied; the sweep tries again");
      });
    }
    running = null;
  }

  return {
    /** There are new ones. */
    nudge(): void {
      isAsked = true;
      running ??= run();
    },
    /** Finishes the page that is under way. */
    async close(): Promise<void> {
      closing.abort();
      await running;
    },
  };
}
