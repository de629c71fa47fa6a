import { setTimeout as sleep } from "node:timers/promises";
import type { Supervised } from "../../../scripts/services/supervise.mjs";
import type { Fault, Scene } from "../fault";

/** What is in hand is finished or handed back within this time, in milliseconds. */
const exitWithinMs = 20_000;
/** The load goes on for longer, in seconds: a process that only ends when nothing comes any more is caught. */
const outlasting = 25;

/** What deploys do, with work in hand. */
export const restarts: readonly Fault[] = [
  {
    name: "all-terminated",
    does: "SIGTERM of every process at once: exit code 0 within 20 s, and a restart",
    lastsSeconds: outlasting,
    mayRefuse: true,
    async strike(scene) {
      const { api, consumer, worker, urgentWorker } = scene.system.stack.processes;
      await Promise.all([api, consumer, worker, urgentWorker].map((process) => restart(scene, process)));
    },
  },
  {
    name: "rolling-restart",
    does: "A second consumer and a second worker start, then consumer, workers and API restart in turn",
    lastsSeconds: outlasting,
    mayRefuse: true, // there is one API here
    async strike(scene) {
      const { stack } = scene.system;
      const seconds = [
        await stack.startAnother("consumer", "consumer-2"),
        await stack.startAnother("worker", "worker-2"),
      ];
      const { consumer, worker, urgentWorker, api } = stack.processes;
      for (const process of [consumer, worker, urgentWorker, api]) await restart(scene, process);
      for (const second of seconds) await second.stop();
    },
  },
];

/** SIGTERM; resolves when the process is ready again. Its exit code stands in the scene's endings, and is judged there. */
async function restart({ endings }: Scene, process: Supervised): Promise<void> {
  const earlier = endings.length;
  const startedAt = performance.now();
  const ending = () => endings.slice(earlier).find((one) => one.process === process.name);
  process.kill("SIGTERM");
  while (!ending()) {
    if (performance.now() - startedAt > exitWithinMs)
      throw new Error(`${process.name} had not ended ${exitWithinMs / 1_000} s after SIGTERM`);
    await sleep(20);
  }
  while (ending()?.backAtMs === null) await sleep(20);
}
