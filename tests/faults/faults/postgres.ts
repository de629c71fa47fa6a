import { setTimeout as sleep } from "node:timers/promises";
import type { System } from "../../load/system";
import type { Fault, ProbeAnswer } from "../fault";
import { isReady } from "../run-fault";
import { ours, throughout } from "../take-away";

const goneSeconds = 8;
/** Longer than a claim holds, 30 s. */
const longSeconds = 40;

/** Postgres is the authority: without it nothing is accepted, and what was accepted is there when it is back. */
export const postgresFaults: readonly Fault[] = [
  {
    name: "postgres-restarted",
    does: "Postgres is shut down, which breaks off every transaction, and started",
    mayRefuse: true,
    async strike({ system }) {
      await postgresOf(system).stop();
      await postgresOf(system).start();
    },
  },
  {
    name: "postgres-crashed",
    does: "Postgres is ended without a shutdown (SIGQUIT) and recovers from its log",
    mayRefuse: true,
    strike: async ({ system }) => postgresOf(system).kill("SIGQUIT"),
  },
  {
    name: "postgres-gone",
    does: `Postgres is away for ${goneSeconds} s: 503 with Retry-After, /readyz fails, no 202 without a row`,
    lastsSeconds: goneSeconds,
    mayRefuse: true,
    async strike({ system, post }) {
      await postgresOf(system).stop();
      try {
        await throughout(goneSeconds, 500, async () => {
          expectRefusal(await post());
          if (await isReady(system)) throw new Error("/readyz answered 200 while Postgres was away");
        });
      } finally {
        await postgresOf(system).start();
      }
    },
  },
  {
    name: "postgres-gone-long",
    does: `Postgres is away for ${longSeconds} s: claims run out meanwhile, and there is another worker to take them over`,
    lastsSeconds: longSeconds,
    mayRefuse: true,
    async strike({ system }) {
      const beside = await system.stack.startAnother("worker", "worker-beside");
      await postgresOf(system).stop();
      await sleep(longSeconds * 1_000);
      await postgresOf(system).start();
      await sleep(5_000); // both at work
      await beside.stop();
    },
  },
];

function postgresOf({ stack }: System) {
  return ours(stack.services.postgres, "Postgres");
}

function expectRefusal({ status, code, hasRetryAfter }: ProbeAnswer): void {
  if (status !== 503 || !hasRetryAfter)
    throw new Error(`while Postgres was away a request was answered ${status} (${code}), not 503 with Retry-After`);
}
