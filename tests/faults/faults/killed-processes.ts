import type { Fault } from "../fault";
import { crash } from "../take-away";

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
];
