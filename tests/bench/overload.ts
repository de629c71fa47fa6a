import { oneTimeCodeBodies } from "../load/one-time-code";
import { type System, startSystem } from "../load/system";
import { startBacklog } from "./backlog";
import { atMost, defineBench, type Figure } from "./bench";
import { describeStores } from "./describe-stores";
import { createRunner } from "./find-highest-rate";
import { memoryFigures } from "./memory-figures";
import { pidsOf } from "./pids-of";
import { type Cost, watchCosts } from "./process-costs";
import { mustBeSent } from "./settle";

const tenants = 10;
const perRequest = 100;
/** More than the API lets wait (200 batches), so that it has to refuse when it is behind. */
const connections = 256;
const minutes = 10;
const times = 1.5;
const burst = 20_000;
const mostGrowth = 1.15;
const ours = ["api", "consumer", "worker", "urgent worker"] as const;

export const overload = defineBench({
  name: "overload",
  summary: "ten minutes of more than can be delivered: memory stays flat, and nothing is lost",
  async run({ eventLog, scale, say }) {
    const system = await startSystem({ name: "bench", ...(eventLog && { eventLog }), onProgress: say });
    try {
      const stores = await describeStores(system);
      const keys = (await system.createTenants(tenants, "test")).map(({ key }) => key);
      const run = createRunner(system.generator, {
        port: system.apiPort,
        keys,
        bodies: [oneTimeCodeBodies.email],
        perRequest,
        hasIdempotencyKeys: false,
        connections,
      });
      const backlog = await startBacklog(system);
      const ids: string[] = [];
      const statuses: Record<number, number> = {};
      const send = async (perSecond: number | null, total: number) => {
        const { accepted, ...result } = await run(perSecond, total);
        for (const id of accepted.ids) ids.push(id);
        for (const [status, number] of Object.entries(result.statuses))
          statuses[Number(status)] = (statuses[Number(status)] ?? 0) + number;
      };

      await send(null, burst); // warms up
      await backlog.drained();
      const startedAt = performance.now();
      await send(null, burst);
      await backlog.drained();
      const capacity = (burst / (performance.now() - startedAt)) * 1_000;
      const perSecond = Math.round(capacity * times);
      const secondsPerPeriod = 60 * scale;
      say(`${Math.round(capacity)}/s can be delivered; ${perSecond}/s for ${minutes} periods of ${secondsPerPeriod} s`);

      const costs: Record<string, Record<string, Cost>> = {};
      const sizes: number[] = [];
      for (let minute = 1; minute <= minutes; minute += 1) {
        const watched = watchCosts(pidsOf(system));
        await send(perSecond, Math.round(perSecond * secondsPerPeriod));
        costs[`period ${minute}`] = watched();
        sizes.push(await backlog.size());
        say(`period ${minute}: ${sizes.at(-1)} under way`);
      }
      const refused = statuses[503] ?? 0;
      const others = Object.entries(statuses).filter(([status]) => status !== "202" && status !== "503");
      if (others.length > 0) throw new Error(`answers other than 202 and 503: ${JSON.stringify(statuses)}`);

      say("draining");
      const drainingAt = performance.now();
      await backlog.drained();
      const drained = (performance.now() - drainingAt) / 1_000;
      await mustBeSent(system, ids, false);
      await mustHaveRows(system, ids.length);

      return {
        figures: [
          { what: "offered", value: perSecond, unit: "/s", ceiling: { what: "a burst's rate", value: capacity } },
          { what: "accepted", value: ids.length, unit: "" },
          { what: "requests refused with 503", value: refused, unit: "" },
          { what: "under way when the load ended", value: sizes.at(-1) ?? 0, unit: "" },
          { what: "until all of it was delivered", value: drained, unit: "s" },
          ...growthOfMemory(costs),
          ...memoryFigures(costs),
        ],
        costs,
        settings: { ...stores, tenants, perRequest, connections, perSecond, secondsPerPeriod, periods: minutes, burst },
      };
    } finally {
      await system.stop();
    }
  },
});

/** The last period against the third: the first two fill caches. */
function growthOfMemory(costs: Readonly<Record<string, Readonly<Record<string, Cost>>>>): Figure[] {
  return ours.flatMap((name) => {
    const third = costs["period 3"]?.[name]?.maxRssMb;
    const last = costs[`period ${minutes}`]?.[name]?.maxRssMb;
    if (third === undefined || last === undefined) return [];
    return [
      {
        what: `memory of the ${name} in the last minute`,
        value: last,
        unit: "MB" as const,
        ceiling: { what: "in the third", value: third },
        promise: atMost(last / third, mostGrowth, `≤ ${mostGrowth} × the third minute`),
      },
    ];
  });
}

/** @throws {Error} when there are rows that nobody was answered 202 for */
async function mustHaveRows({ database }: System, accepted: number): Promise<void> {
  const [row] = await database.$queryRaw<[{ rows: number }]>`SELECT count(*)::int AS rows FROM notification`;
  if (row.rows !== accepted) throw new Error(`${accepted} were answered 202, and there are ${row.rows} rows`);
}
