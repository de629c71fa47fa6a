import { type LoadResult, percentile } from "../load/load-plan";
import { oneTimeCodeBodies } from "../load/one-time-code";
import { startSystem } from "../load/system";
import { atMost, defineBench, type Figure, type Promised } from "./bench";
import { startAcceptingApi } from "./ceilings/accepting-api";
import { describeStores } from "./describe-stores";
import { createRunner, findHighestRate } from "./find-highest-rate";
import { memoryFigures } from "./memory-figures";
import { pidsOf } from "./pids-of";
import { watchCosts } from "./process-costs";
import { count, mustComeOutEven, waitUntilSettled } from "./settle";

const tenants = 50;
const connections = 128;
const p99Ms = 25;
const warmUpSeconds = 5;
const leastOfCeiling = 0.8;
/** Promised of any machine whose ceiling is that much higher. */
const fast = { perSecond: 10_000, ceiling: 13_000 };

export const accept = defineBench({
  name: "accept",
  summary: "durable accept: POST /v1/notifications with a template and data, one API process",
  async run({ eventLog, scale, say }) {
    const system = await startSystem({ name: "bench", ...(eventLog && { eventLog }), onProgress: say });
    const ceilingApi = startAcceptingApi();
    try {
      const { stack, generator } = system;
      const { consumer, worker, urgentWorker } = stack.processes;
      // They come after the answer: while accept is measured they rest, and what has gathered is drained after it.
      await Promise.all([consumer.stop(), worker.stop(), urgentWorker.stop()]);
      const { databaseUrl, redisUrl } = stack.connection;
      const secret = stack.env.TIDINGS_SECRET as string;
      const { port } = await ceilingApi.ask("listen", { databaseUrl, redisUrl, secret });
      // Test keys: what is drained afterwards ends in the sandbox.
      const keys = (await system.createTenants(tenants, "test")).map(({ key }) => key);
      const plan = {
        keys,
        bodies: [oneTimeCodeBodies.email],
        perRequest: 1,
        hasIdempotencyKeys: true,
        connections,
      };
      const runCeiling = createRunner(generator, { ...plan, port });
      const run = createRunner(generator, { ...plan, port: system.apiPort });

      say("warming up");
      const results: LoadResult[] = [await run(null, 60_000)];
      await runCeiling(null, 60_000);

      say("the ceiling: the same app, storing nothing");
      const seconds = 8 * scale;
      const ceiling = await findHighestRate(runCeiling, { seconds, p99Ms, say });

      const half = Math.round(ceiling.perSecond / 2);
      say(`half of the ceiling, ${half}/s, for ${30 * scale} s`);
      const pids = { ...pidsOf(system), ceiling: () => ceilingApi.pid };
      results.push(await run(half, half * warmUpSeconds)); // it has rested while the ceiling was measured
      const halfCosts = watchCosts(pids);
      const atHalf = await run(half, Math.round(half * 30 * scale));
      const costs = { half: halfCosts() };
      mustAllBeAccepted(atHalf);
      results.push(atHalf);

      say("the highest rate");
      const highestCosts = watchCosts(pids);
      const highest = await findHighestRate(run, { seconds, p99Ms, say });
      results.push(...highest.results);
      Object.assign(costs, { highest: highestCosts() });

      await Promise.all([consumer.start(), worker.start(), urgentWorker.start()]);
      await waitUntilSettled(system, { say });
      mustComeOutEven(
        await count(
          system,
          results.flatMap(({ accepted }) => accepted.ids),
          false,
        ),
      );

      const p99 = percentile(atHalf.latenciesMs, 0.99);
      const figures: Figure[] = [
        { what: "p50 at half of the ceiling", value: percentile(atHalf.latenciesMs, 0.5), unit: "ms" },
        { what: "p99 at half of the ceiling", value: p99, unit: "ms", promise: atMost(p99, p99Ms, `≤ ${p99Ms} ms`) },
        {
          what: `highest rate with p99 ≤ ${p99Ms} ms`,
          value: highest.perSecond,
          unit: "/s",
          ceiling: { what: "the same app, storing nothing", value: ceiling.perSecond },
          promise: promiseOfHighest(highest.perSecond, ceiling.perSecond),
        },
        ...memoryFigures(costs),
      ];
      const settings = {
        ...(await describeStores(system)),
        tenants,
        connections,
        halfPerSecond: half,
        warmUpSeconds,
        idempotencyKeys: true,
        secondsPerTry: seconds,
        secondsAtHalf: 30 * scale,
      };
      return { figures, costs, settings };
    } finally {
      await ceilingApi.stop();
      await system.stop();
    }
  },
});

/** @throws {Error} when some were refused, or not answered: the latency of the others would say nothing */
function mustAllBeAccepted({ statuses }: LoadResult): void {
  const others = Object.keys(statuses).filter((status) => status !== "202");
  if (others.length > 0) throw new Error(`not all were answered 202: ${JSON.stringify(statuses)}`);
}

function promiseOfHighest(perSecond: number, ceiling: number): Promised {
  const isFast = ceiling > fast.ceiling;
  return {
    text: `≥ ${leastOfCeiling} of the ceiling${isFast ? ` and ≥ ${fast.perSecond.toLocaleString("en")}/s` : ""}`,
    isKept: perSecond >= leastOfCeiling * ceiling && (!isFast || perSecond >= fast.perSecond),
  };
}
