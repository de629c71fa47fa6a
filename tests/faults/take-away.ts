import { setTimeout as sleep } from "node:timers/promises";
import type { Supervised } from "../../scripts/services/supervise.mjs";

/** `kill -9`; the supervisor starts it again. */
export function crash(process: Supervised): void {
  process.kill("SIGKILL");
}

/** `kill -9`, and it stays away until `work` is done. */
export async function without(process: Supervised, work: () => Promise<unknown>): Promise<void> {
  process.kill("SIGKILL");
  await process.stop(); // it is dead already: this only keeps the supervisor from starting it again
  try {
    await work();
  } finally {
    await process.start();
  }
}

/** Does `work` every so often for so long. */
export async function throughout(seconds: number, everyMs: number, work: () => Promise<unknown>): Promise<void> {
  const endMs = performance.now() + seconds * 1_000;
  while (performance.now() < endMs) {
    await work();
    await sleep(Math.min(everyMs, Math.max(0, endMs - performance.now())));
  }
}

/** The part that has to be there, or a sentence why it is not. */
export function ours(process: Supervised | null, name: string): Supervised {
  if (!process) throw new Error(`${name} is not run by this script.`);
  return process;
}
