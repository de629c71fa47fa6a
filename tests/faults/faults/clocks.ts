import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../fault";
import { crash } from "../take-away";

const skewMs = 10 * 60_000;
const preload = new URL("../shift-clock.mjs", import.meta.url).href;

/** Leases and waits go by the database's clock: a machine whose own is wrong takes nobody's work, and keeps none. */
export const clockFaults: readonly Fault[] = [
  {
    name: "clock-skewed",
    does: "Workers ten minutes ahead and behind join; then those whose clock is right are killed",
    lastsSeconds: 8,
    mayDouble: true,
    async strike({ system: { stack }, random }) {
      const skewed = await Promise.all([
        stack.startAnother("worker", "worker-ahead", clockShiftedBy(skewMs)),
        stack.startAnother("worker", "worker-behind", clockShiftedBy(-skewMs)),
      ]);
      await sleep(2_000 + random() * 2_000);
      for (const right of [stack.processes.worker, stack.processes.urgentWorker]) crash(right);
      await sleep(3_000);
      await Promise.all(skewed.map((worker) => worker.stop()));
    },
  },
];

function clockShiftedBy(ms: number): NodeJS.ProcessEnv {
  return { NODE_OPTIONS: `--import ${preload}`, SHIFT_CLOCK_MS: String(ms) };
}
