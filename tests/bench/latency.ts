import type { EventLogSettings } from "@tidings/runtime/event-log/create-event-log";
import { percentile } from "../load/load-plan";
import { oneTimeCodeBodies } from "../load/one-time-code";
import { type System, startSystem } from "../load/system";
import { type Arrival, latenciesOf, readArrivals } from "./arrivals";
import { atMost, defineBench, type Figure } from "./bench";
import { startSingleTrips } from "./ceilings/single-trips";
import { describeStores } from "./describe-stores";
import { createRunner } from "./find-highest-rate";
import { memoryFigures } from "./memory-figures";
import { pidsOf } from "./pids-of";
import { watchCosts } from "./process-costs";
import { count, mustComeOutEven, waitUntilSettled } from "./settle";

const perSecond = 20;
const warmUpSeconds = 10;
/** Sent at once before all else: a process that has run for a while has its hot code compiled. */
const burst = 2_000;
const p50Ms = 10;
const p99Ms = 40;
const mostOfCeiling = 2;

export const latency = defineBench({
  name: "latency",
  summary: "an idle system, one critical email every 50 ms: from the request to its arrival at the mail server",
  async run({ eventLog, scale, say }) {
    const system = await startSystem({ name: "bench", ...(eventLog && { eventLog }), onProgress: say });
    const trips = startSingleTrips();
    try {
      const stores = await describeStores(system);
      const keys = (await system.createTenants(1, "live")).map(({ key }) => key);
      const run = createRunner(system.generator, {
        port: system.apiPort,
        keys,
        bodies: [oneTimeCodeBodies.criticalEmail],
        perRequest: 1,
        hasIdempotencyKeys: true,
        connections: 8,
      });

      say("warming up");
      const warmUps = [await run(null, burst)];
      await waitUntilSettled(system, { say });
      warmUps.push(await run(perSecond, Math.round(perSecond * warmUpSeconds * scale)));

      const seconds = 30 * scale;
      say(`${perSecond}/s for ${seconds} s`);
      const watched = watchCosts(pidsOf(system));
      const result = await run(perSecond, Math.round(perSecond * seconds));
      const costs = { idle: watched() };
      await waitUntilSettled(system, { say });
      const ids = [...warmUps, result].flatMap(({ accepted }) => accepted.ids);
      mustComeOutEven(await count(system, ids, true));
      const arrivals = await readArrivals(system, result);

      say("the ceiling: each trip by itself");
      const { databaseUrl, redisUrl } = system.stack.connection;
      const times = Math.round(perSecond * 10 * scale);
      const single = await trips.ask("measure", {
        databaseUrl,
        redisUrl,
        eventLog: eventLogOf(system),
        times,
        everyMs: 1_000 / perSecond,
      });
      const ceiling = single.postgresCommit + single.produceToConsume + 2 * single.redisRoundTrip;

      const took = latenciesOf(arrivals);
      const p50 = percentile(took, 0.5);
      const p99 = percentile(took, 0.99);
      const figures: Figure[] = [
        {
          what: "p50, request to arrival",
          value: p50,
          unit: "ms",
          ceiling: { what: "one commit + one produce-to-consume + two Redis round trips", value: ceiling },
          promise: {
            text: `≤ ${p50Ms} ms and ≤ ${mostOfCeiling} × the ceiling`,
            isKept: p50 <= p50Ms && p50 <= mostOfCeiling * ceiling,
          },
        },
        { what: "p99, request to arrival", value: p99, unit: "ms", promise: atMost(p99, p99Ms, `≤ ${p99Ms} ms`) },
        ...(await splitOverStages(system, arrivals)),
        { what: "by itself: a commit in Postgres", value: single.postgresCommit, unit: "ms" },
        { what: "by itself: produce to consume", value: single.produceToConsume, unit: "ms" },
        { what: "by itself: a Redis round trip", value: single.redisRoundTrip, unit: "ms" },
        ...memoryFigures(costs),
      ];
      const settings = { ...stores, perSecond, seconds, warmUpSeconds: warmUpSeconds * scale, burst, trips: times };
      return { figures, costs, settings };
    } finally {
      await trips.stop();
      await system.stop();
    }
  },
});

function eventLogOf({ stack: { connection } }: System): EventLogSettings {
  const { eventLog: kind, kafkaBrokers, redisUrl } = connection;
  if (kind === "redis") return { kind, redisUrl, namespace: "ceiling" };
  return { kind, brokers: (kafkaBrokers ?? "").split(","), clientId: "ceiling" };
}

/** Moments of one mail in epoch milliseconds, as Postgres has them. */
interface Stamps {
  address: string;
  accepted: number;
  routed: number;
  planned: number;
  attempted: number;
  reported: number;
}

/** The median of each stage, from the moments that Postgres keeps: whole milliseconds, so each may be off by half of one. */
async function splitOverStages({ database }: System, arrivals: ReadonlyMap<string, Arrival>): Promise<Figure[]> {
  const rows = await database.$queryRaw<Stamps[]>`
    SELECT d.address, extract(epoch FROM n.created_at)::float8 * 1000 AS accepted, extract(epoch FROM n.processing_at)::float8 * 1000 AS routed, extract(epoch FROM d.created_at)::float8 * 1000 AS planned,
      extract(epoch FROM a.started_at)::float8 * 1000 AS attempted, extract(epoch FROM d.sent_at)::float8 * 1000 AS reported
    FROM notification AS n
    JOIN delivery AS d ON d.notification_id = n.id AND d.tenant_id = n.tenant_id
    JOIN attempt AS a ON a.delivery_id = d.id AND a.tenant_id = d.tenant_id AND a.number = 1
    WHERE d.address = ANY(${[...arrivals.keys()]})`;
  const median = (what: string, between: (stamps: Stamps & Arrival) => number): Figure => ({
    what: `p50 of ${what}`,
    value: percentile(
      Float64Array.from(rows, (row) => between({ ...row, ...(arrivals.get(row.address) as Arrival) })).sort(),
      0.5,
    ),
    unit: "ms",
  });
  return [
    median("request → row written (accept)", (at) => at.accepted - at.dueAtMs),
    median("row written → fenced (commit, publish, consume)", (at) => at.routed - at.accepted),
    median("fenced → delivery written (route)", (at) => at.planned - at.routed),
    median("delivery written → claimed (commit, enqueue, job, claim)", (at) => at.attempted - at.planned),
    median("claimed → arrived (render, send)", (at) => at.arrivedAtMs - at.attempted),
    median("arrived → recorded (report)", (at) => at.reported - at.arrivedAtMs),
  ];
}
