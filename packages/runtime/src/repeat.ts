import { setTimeout as sleep } from "node:timers/promises";

/**
 * Runs work again and again, a pause after each end.
 * @returns stops it and waits for the run in hand
 */
export function repeat(
  work: () => Promise<void>,
  { everyMs, onError }: { everyMs: number; onError(error: unknown): void },
): () => Promise<void> {
  const stopping = new AbortController();
  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => {}); // stopped: the loop ends
      if (!stopping.signal.aborted) await work().catch(onError);
    }
  }
  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}
