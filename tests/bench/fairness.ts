import { setTimeout as sleep } from "node:timers/promises";
import { createFairQueue } from "@tidings/runtime/fair-queue";
import { connectRedis } from "@tidings/runtime/redis";
import { type LoadResult, percentile } from "../load/load-plan";
import { oneTimeCodeBodies } from "../load/one-time-code";
import { type LoadTenant, type System, startSystem } from "../load/system";
import { latenciesOf, readArrivals } from "./arrivals";
import { atLeast, atMost, type BenchOptions, defineBench, type Figure } from "./bench";
import { describeStores } from "./describe-stores";
import { createRunner } from "./find-highest-rate";
import { memoryFigures } from "./memory-figures";
import { pidsOf } from "./pids-of";
import { type Cost, watchCosts } from "./process-costs";
import { count, mustBeSent, mustComeOutEven, waitUntilSettled } from "./settle";

const floodSize = 1_000_000;
/** The largest batch there is; it stays below the largest body. */
const perRequest = 1_000;
/** One every 50 ms. */
const perSecond = 20;
const warmUpSeconds = 5;
const mostRatio = 2;
const mostBytes = 100;
const leastJain = 0.99;
const limit = { perSecond: 100, burst: 10 };
const limitBand = [95, 100] as const;

export const fairness = defineBench({
  name: "fairness",
  summary: "a tenant's flood against another's one-time passwords; equal shares; a tenant's limit",
  async run(options) {
    const flood = await besideAFlood(options);
    const shares = await sharesAndLimits(options);
    const costs = { ...flood.costs, ...shares.costs };
    return {
      figures: [...flood.figures, ...shares.figures, ...memoryFigures(costs)],
      costs,
      settings: { ...flood.settings, ...shares.settings },
    };
  },
});

interface Part {
  figures: Figure[];
  costs: Record<string, Record<string, Cost>>;
  settings: Record<string, unknown>;
}

/** Tenant B alone, and beside tenant A's flood in the same channel and class queues. */
async function besideAFlood({ eventLog, scale, say }: BenchOptions): Promise<Part> {
  const system = await startSystem({ name: "bench", ...(eventLog && { eventLog }), onProgress: say });
  try {
    const stores = await describeStores(system);
    const { worker } = system.stack.processes;
    const [a] = (await system.createTenants(1, "test")) as [LoadTenant];
    const [b] = (await system.createTenants(1, "live")) as [LoadTenant];
    const seconds = 20 * scale;
    const runB = createRunner(system.generator, {
      port: system.apiPort,
      keys: [b.key],
      bodies: [oneTimeCodeBodies.criticalEmail],
      perRequest: 1,
      hasIdempotencyKeys: true,
      connections: 8,
    });
    const sendB = (): Promise<LoadResult> => runB(perSecond, Math.round(perSecond * seconds));
    const sendWarmUp = (): Promise<LoadResult> => runB(perSecond, perSecond * warmUpSeconds);

    say("B alone");
    const warmUps = [await runB(null, 2_000)];
    await waitUntilSettled(system, { say });
    warmUps.push(await sendWarmUp());
    const alone = await sendB();
    await waitUntilSettled(system, { say });

    const waiting = Math.round(floodSize * scale);
    say(`A's flood: ${waiting}, while the worker rests`);
    await worker.stop();
    const bytesBefore = await usedBytes(system);
    const flooded = await createRunner(system.generator, {
      port: system.apiPort,
      keys: [a.key],
      bodies: [oneTimeCodeBodies.email],
      perRequest,
      hasIdempotencyKeys: false,
      connections: 4,
    })(null, waiting);
    if (flooded.accepted.ids.length !== waiting) throw new Error(`A's flood: ${JSON.stringify(flooded.statuses)}`);
    await waitInLine(system, a, waiting);
    const bytes = ((await usedBytes(system)) - bytesBefore) / waiting;
    await mustBeStored(system, a, waiting);

    say("B beside A's flood");
    const watched = watchCosts(pidsOf(system));
    await worker.start();
    warmUps.push(await sendWarmUp()); // its processes and connections are new
    const beside = await sendB();
    const left = await depthOf(system, a);
    const costs = { "B beside A's flood": watched() };
    if (left === 0) throw new Error("A's flood was over before B's load");
    await settled(system, b);
    await worker.stop();
    await mustBeSent(
      system,
      [...warmUps, alone, beside].flatMap(({ accepted }) => accepted.ids),
      true,
    );

    const tookAlone = latenciesOf(await readArrivals(system, alone));
    const took = latenciesOf(await readArrivals(system, beside));
    const p99 = percentile(took, 0.99);
    const p99Alone = percentile(tookAlone, 0.99);
    return {
      figures: [
        {
          what: "p50 of B beside A's flood",
          value: percentile(took, 0.5),
          unit: "ms",
          ceiling: { what: "B alone", value: percentile(tookAlone, 0.5) },
        },
        {
          what: "p99 of B beside A's flood",
          value: p99,
          unit: "ms",
          ceiling: { what: "B alone", value: p99Alone },
          promise: atMost(p99 / p99Alone, mostRatio, `≤ ${mostRatio} × B alone`),
        },
        { what: "waiting for A when B's load was over", value: left, unit: "" },
        {
          what: `Redis, for each of ${waiting.toLocaleString("en")} waiting`,
          value: bytes,
          unit: "bytes",
          promise: atMost(bytes, mostBytes, `≤ ${mostBytes} bytes`),
        },
      ],
      costs,
      settings: { ...stores, flood: waiting, perRequest, perSecond, seconds, warmUpSeconds },
    };
  } finally {
    await system.stop();
  }
}

/** Two tenants with long lines, and then one with a limit of its own. */
async function sharesAndLimits({ eventLog, scale, say }: BenchOptions): Promise<Part> {
  const system = await startSystem({ name: "bench", ...(eventLog && { eventLog }), onProgress: () => {} });
  try {
    const { worker } = system.stack.processes;
    const tenants = (await system.createTenants(3, "test")) as [LoadTenant, LoadTenant, LoadTenant];
    const [b, c, limited] = tenants;
    const flood = (keys: readonly string[]) =>
      createRunner(system.generator, {
        port: system.apiPort,
        keys,
        bodies: [oneTimeCodeBodies.email],
        perRequest,
        hasIdempotencyKeys: false,
        connections: 4,
      });

    const windowSeconds = 10 * scale;
    const line = Math.max(10_000, Math.round(100_000 * scale));
    say(`B and C: ${line} each, while the worker rests`);
    await worker.stop();
    const both = await flood([b.key, c.key])(null, 2 * line);
    await Promise.all([waitInLine(system, b, line), waitInLine(system, c, line)]);
    const watched = watchCosts(pidsOf(system));
    await worker.start();
    await waitUntilSettled(system, { say });
    const costs = { "B and C": watched() };
    const shared = await sentInWindow(system, [b, c], windowSeconds);
    const jain = shared.reduce((sum, sent) => sum + sent, 0) ** 2 / (2 * shared.reduce((sum, n) => sum + n * n, 0));

    const limitSeconds = 20 * scale;
    const waiting = Math.ceil(limit.perSecond * (limitSeconds + 10));
    say(`a tenant limited to ${limit.perSecond}/s: ${waiting} waiting`);
    await setLimit(system, limited);
    const slow = await flood([limited.key])(null, waiting);
    await waitUntilSettled(system, { say });
    const [sent = 0] = await sentInWindow(system, [limited], limitSeconds);
    const rate = sent / limitSeconds;

    mustComeOutEven(await count(system, [...both.accepted.ids, ...slow.accepted.ids], false));
    const [least, most] = limitBand;
    return {
      figures: [
        { what: `sent for B in ${windowSeconds} s`, value: shared[0] ?? 0, unit: "" },
        { what: `sent for C in ${windowSeconds} s`, value: shared[1] ?? 0, unit: "" },
        {
          what: "Jain's index of B and C",
          value: jain,
          unit: "",
          promise: atLeast(jain, leastJain, `≥ ${leastJain}`),
        },
        {
          what: `tenant limited to ${limit.perSecond}/s`,
          value: rate,
          unit: "/s",
          promise: {
            text: `${least} to ${most}/s, and a burst of ${limit.burst} at most`,
            isKept: rate >= least && sent <= most * limitSeconds + limit.burst,
          },
        },
      ],
      costs,
      settings: { line, windowSeconds, limit, limitSeconds },
    };
  } finally {
    await system.stop();
  }
}

/** Runs something with a connection to the system's Redis. */
async function withRedis<Result>(
  { stack }: System,
  use: (redis: ReturnType<typeof connectRedis>, namespace: string) => Promise<Result>,
): Promise<Result> {
  const redis = connectRedis(stack.connection.redisUrl, () => {});
  try {
    return await use(redis, stack.env.TIDINGS_NAMESPACE as string);
  } finally {
    redis.disconnect();
  }
}

function usedBytes(system: System): Promise<number> {
  return withRedis(system, async (redis) => Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]));
}

/** Deliveries of a tenant that wait in the fair queue for email. */
function depthOf(system: System, { id }: LoadTenant): Promise<number> {
  return withRedis(system, (redis, namespace) => createFairQueue(redis, namespace, "email").depth(id));
}

/** Limits a tenant's email: in Postgres, which the consumer reads every five seconds, and at once in the fair queue. */
async function setLimit(system: System, { id: tenantId }: LoadTenant): Promise<void> {
  await system.database.channelLimit.create({ data: { tenantId, channel: "email", ...limit } });
  await withRedis(system, (redis, namespace) =>
    createFairQueue(redis, namespace, "email").setRate({ tenantId }, limit),
  );
}

/** @throws {Error} when a tenant has other than so many deliveries: something of its flood was lost or doubled */
async function mustBeStored({ database }: System, { id: tenantId }: LoadTenant, size: number): Promise<void> {
  const stored = await database.delivery.count({ where: { tenantId } });
  if (stored !== size) throw new Error(`${size} were accepted, and there are ${stored} deliveries`);
}

/** Waits until so many of a tenant wait in the fair queue, but for the few a worker was given. */
async function waitInLine(system: System, tenant: LoadTenant, size: number): Promise<void> {
  let last = -1;
  let movedAt = performance.now();
  for (;;) {
    const depth = await depthOf(system, tenant);
    if (depth >= size - 1_000) return;
    if (depth !== last) movedAt = performance.now();
    else if (performance.now() - movedAt > 60_000)
      throw new Error(`${depth} of ${size} wait in line, and no more come`);
    last = depth;
    await sleep(500);
  }
}

/** Waits until all of a tenant is settled. */
async function settled({ database }: System, { id }: LoadTenant): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const [row] = await database.$queryRaw<[{ open: number }]>`
      SELECT count(*)::int AS open FROM notification
      WHERE tenant_id = ${id}::uuid AND status IN ('PENDING', 'PROCESSING')`;
    if (row.open === 0) return;
    if (performance.now() > deadline) throw new Error(`${row.open} of a tenant's notifications are stuck`);
    await sleep(500);
  }
}

/**
 * What tenants got sent in a window that begins when all of them have been sent something for two seconds.
 * @throws {Error} when one had nothing more to send before the window was over
 */
async function sentInWindow({ database }: System, tenants: readonly LoadTenant[], seconds: number): Promise<number[]> {
  const ids = tenants.map(({ id }) => id);
  const rows = await database.$queryRaw<{ id: string; sent: number; isLongEnough: boolean }[]>`
    WITH span AS (
      SELECT tenant_id, min(sent_at) AS first, max(sent_at) AS last FROM delivery
      WHERE tenant_id = ANY(${ids}::uuid[]) GROUP BY tenant_id
    ),
    chosen AS (
      SELECT max(first) + interval '2 seconds' AS start,
        max(first) + interval '2 seconds' + ${seconds} * interval '1 second' AS stop
      FROM span
    )
    SELECT d.tenant_id AS id, count(*) FILTER (WHERE sent_at >= start AND sent_at < stop)::int AS sent,
      max(sent_at) >= max(stop) AS "isLongEnough"
    FROM delivery AS d, chosen WHERE tenant_id = ANY(${ids}::uuid[]) GROUP BY d.tenant_id`;
  if (rows.some(({ isLongEnough }) => !isLongEnough)) throw new Error("a line was too short for the window");
  return ids.map((id) => rows.find((row) => row.id === id)?.sent ?? 0);
}
