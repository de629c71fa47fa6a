import { oneTimeCodeBodies } from "../load/one-time-code";
import { type LoadTenant, type System, startSystem } from "../load/system";
import { addCrowd } from "./add-crowd";
import { startBacklog } from "./backlog";
import { atMost, defineBench, type Figure } from "./bench";
import { describeStores } from "./describe-stores";
import { createRunner, type Runner } from "./find-highest-rate";
import { memoryFigures } from "./memory-figures";
import { pidsOf } from "./pids-of";
import { type Cost, watchCosts } from "./process-costs";
import { seedHistory } from "./seed-history";
import { count, mustBeSent, mustComeOutEven, waitUntilSettled } from "./settle";

const historySize = 5_000_000;
const crowdSize = 10_000;
/** Of the crowd; each key costs the API 11 ms when it comes for the first time, which is no cost of a notification. */
const sendingTenants = 200;
const perSecond = 500;
const perRequest = 10;
const warmUpSeconds = 10;
const mostGrowth = 1.15;
const burst = 40_000;
/** Whose processor time is a notification's cost. */
const payers = /^(api|consumer|worker|urgent worker|postgres)/;

export const growth = defineBench({
  name: "growth",
  summary: "what a notification costs: with a long history, with many tenants, with more processes",
  async run({ eventLog, scale, say }) {
    const system = await startSystem({ name: "bench", ...(eventLog && { eventLog }), onProgress: say });
    try {
      const stores = await describeStores(system);
      const [tenant] = (await system.createTenants(1, "test")) as [LoadTenant];
      const seconds = 20 * scale;
      const ids: string[] = [];
      const costs: Record<string, Record<string, Cost>> = {};
      const runnerFor = (keys: readonly string[], batch: number): Runner => {
        const run = createRunner(system.generator, {
          port: system.apiPort,
          keys,
          bodies: [oneTimeCodeBodies.email],
          perRequest: batch,
          hasIdempotencyKeys: false,
          connections: 16,
        });
        return async (pace, total) => {
          const result = await run(pace, total);
          for (const id of result.accepted.ids) ids.push(id);
          return result;
        };
      };
      const costOf = (phase: string, keys: readonly string[]) =>
        measureCost({ system, run: runnerFor(keys, perRequest), seconds, scale, say, costs, phase });

      const alone = await costOf("1 tenant, no history", [tenant.key]);

      const size = Math.round(crowdSize * scale);
      say(`${size} tenants`);
      const crowd = await addCrowd(system, tenant, size - 1);
      const crowded = await costOf(`${size} tenants`, crowd.slice(0, sendingTenants));

      const run = runnerFor([tenant.key], 100);
      const single = await measureBurst(system, run, costs, "one consumer, one worker");
      const more = [
        await system.stack.startAnother("consumer", "consumer-2"),
        await system.stack.startAnother("worker", "worker-2", { LANES: "others" }),
      ];
      const moreCosts = Object.fromEntries(more.map((one) => [one.name, one.pid]));
      const double = await measureBurst(system, run, costs, "two of each", moreCosts);
      await Promise.all(more.map((one) => one.stop()));
      await waitUntilSettled(system, { say });
      mustComeOutEven(await count(system, ids, false));
      ids.length = 0;

      const stored = Math.round(historySize * scale);
      say(`${stored} notifications of the last three weeks`);
      await seedHistory(system, stored, say);
      const aged = await costOf(`${stored} stored`, [tenant.key]);
      await mustBeSent(system, ids, false);

      const within = (what: string, value: number): Figure => ({
        what,
        value,
        unit: "ms",
        ceiling: { what: "1 tenant, no history", value: alone },
        promise: atMost(value / alone, mostGrowth, `≤ ${mostGrowth} ×`),
      });
      return {
        figures: [
          { what: "processor time for a notification, 1 tenant, no history", value: alone, unit: "ms" },
          within(`processor time for a notification, ${stored.toLocaleString("en")} stored`, aged),
          within(`processor time for a notification, ${size.toLocaleString("en")} tenants`, crowded),
          { what: `${burst.toLocaleString("en")} at once: one consumer, one worker`, value: single, unit: "/s" },
          {
            what: `${burst.toLocaleString("en")} at once: two of each`,
            value: double,
            unit: "/s",
            ceiling: { what: "one of each", value: single },
          },
          ...memoryFigures(costs),
        ],
        costs,
        settings: { ...stores, stored, tenants: size, sendingTenants, perSecond, perRequest, seconds, burst },
      };
    } finally {
      await system.stop();
    }
  },
});

interface CostOptions {
  system: System;
  run: Runner;
  seconds: number;
  scale: number;
  say(message: string): void;
  costs: Record<string, Record<string, Cost>>;
  phase: string;
}

/**
 * Milliseconds of processor time that a notification costs our processes and Postgres at a fixed rate, well below what they
 * can do. The lower of two runs: what disturbs a run only adds to it.
 */
async function measureCost({ system, run, seconds, scale, say, costs, phase }: CostOptions): Promise<number> {
  const backlog = await startBacklog(system);
  await run(perSecond, Math.round(perSecond * warmUpSeconds * scale));
  await backlog.drained();
  let least = Number.POSITIVE_INFINITY;
  for (let times = 0; times < 2; times += 1) {
    const total = Math.round(perSecond * seconds);
    const watched = watchCosts(pidsOf(system));
    const startedAt = performance.now();
    await run(perSecond, total);
    await backlog.drained();
    const found = watched();
    const cores = Object.entries(found).reduce((sum, [name, cost]) => sum + (payers.test(name) ? cost.cores : 0), 0);
    const cost = (cores * (performance.now() - startedAt)) / total;
    say(`${phase}: ${cost.toFixed(3)} ms`);
    if (cost < least) costs[phase] = found;
    least = Math.min(least, cost);
  }
  return least;
}

/** Notifications a second, from the first row of a burst to the last that was settled. */
async function measureBurst(
  system: System,
  run: Runner,
  costs: Record<string, Record<string, Cost>>,
  phase: string,
  more: Record<string, () => number | undefined> = {},
): Promise<number> {
  const { database } = system;
  await run(null, burst / 4); // warms up
  await waitUntilSettled(system, { say: () => {} });
  const [{ now }] = await database.$queryRaw<[{ now: Date }]>`SELECT clock_timestamp() AS now`;
  const watched = watchCosts({ ...pidsOf(system), ...more });
  await run(null, burst);
  await waitUntilSettled(system, { say: () => {} });
  costs[phase] = watched();
  const [{ seconds }] = await database.$queryRaw<[{ seconds: number }]>`
    SELECT extract(epoch FROM max(settled_at) - min(created_at))::float8 AS seconds
    FROM notification WHERE id >= uuid_at(${now})`;
  return burst / seconds;
}
