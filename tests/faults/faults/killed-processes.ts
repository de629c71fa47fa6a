import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../fault";
import { between } from "../random";
import { crash } from "../take-away";

/** With the rest of the load, for fifty thousand notifications. */
const lastsSeconds = 238;
/** How far apart the kills are: supervisors bring a process back in less. */
const [leastPauseMs, mostPauseMs] = [8_000, 14_000];

/** Our own processes, each ended as by a crash; the supervisor brings it back. */
export const killedProcesses: readonly Fault[] = [
  {
    name: "api-killed",
    does: "kill -9 of the API",
    mayRefuse: true,
    strike: async ({ system }) => crash(system.stack.processes.api),
  },
  {
    name: "consumer-killed",
    does: "kill -9 of the consumer",
    strike: async ({ system }) => crash(system.stack.processes.consumer),
  },
  {
    name: "worker-killed",
    does: "kill -9 of the worker",
    mayDouble: true,
    strike: async ({ system }) => crash(system.stack.processes.worker),
  },
  {
    name: "urgent-worker-killed",
    does: "kill -9 of the worker for critical deliveries",
    mayDouble: true,
    strike: async ({ system }) => crash(system.stack.processes.urgentWorker),
  },
  {
    name: "killed-again-and-again",
    does: "kill -9 of worker, consumer and urgent worker in turn, while 50,000 notifications flow",
    mayDouble: true,
    lastsSeconds,
    async strike({ system: { stack }, random, loadEndsAtMs }) {
      const { worker, consumer, urgentWorker } = stack.processes;
      const victims = [worker, consumer, urgentWorker];
      for (let kill = 0; Date.now() < loadEndsAtMs; kill += 1) {
        crash(victims[kill % victims.length] as typeof worker);
        await sleep(between(random, leastPauseMs, mostPauseMs));
      }
    },
  },
];
