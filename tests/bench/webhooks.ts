import { uuidOf } from "@tidings/shared/ids";
import { createLoadEndpoints } from "../load/load-endpoints";
import { percentile } from "../load/load-plan";
import { oneTimeCodeBodies } from "../load/one-time-code";
import { type ReportSink, startReportSink } from "../load/report-sink-process";
import { startReportWriter } from "../load/report-writer-process";
import { type System, startSystem } from "../load/system";
import { backlogOf, readCounter } from "./backlog";
import { atMost, type BenchOptions, defineBench, type Figure } from "./bench";
import { startBareWebhooks } from "./ceilings/bare-webhooks";
import { describeStores } from "./describe-stores";
import { createRunner } from "./find-highest-rate";
import { findSustainedRate } from "./find-sustained-rate";
import { memoryFigures } from "./memory-figures";
import { pidsOf } from "./pids-of";
import { watchCosts } from "./process-costs";

const promise = { perSecond: 2_500, ratio: 0.12 };
const tenants = 10;
/** A receiver verifies in JavaScript, which costs more than the sender's signature. */
const verifyEach = 50;
const notifications = 10_000;
/** What a notification of one email tells: accepted, processing, queued, sent, sent. */
const reportsEach = 5;
const isolated = { endpoints: 100, perSecond: 500, seconds: 40, mostTimes: 1.5 };

export const webhooks = defineBench({
  name: "webhooks",
  summary: "signed reports to a tenant's endpoint, sustained, each exactly once; 99 endpoints beside one that hangs",
  async run(options) {
    const system = await startSystem({
      name: "bench",
      ...(options.eventLog && { eventLog: options.eventLog }),
      onProgress: () => {},
    });
    const sink = await startReportSink();
    const { databaseUrl, redisUrl } = system.stack.connection;
    const namespace = system.stack.env.TIDINGS_NAMESPACE as string;
    const writer = await startReportWriter({ databaseUrl, redisUrl, namespace });
    try {
      await sink.ask("conduct", { verifyEach });
      const ceiling = await measureCeiling(sink, 10 * options.scale);
      options.say(`bare undici, signing: ${Math.round(ceiling)}/s`);
      const backlog = await backlogOf(() => readUndelivered(system));
      const tenantIds = (await system.createTenants(tenants, "live")).map(({ id }) => id);
      await createLoadEndpoints(system, sink, { tenantIds, mode: "live", events: ["delivery.sent"] });
      const { perSecond, costs, results } = await findSustainedRate({
        run: async (rate, total) => ({
          accepted: await writer.ask("write", { tenantIds, perSecond: rate, total }),
        }),
        backlog,
        seconds: 60 * options.scale,
        secondsPerTry: 12 * options.scale,
        watch: () => watchCosts({ ...pidsOf(system), generator: () => writer.pid, sink: () => sink.pid }),
        say: options.say,
      });
      const counted = await mustBeDelivered(
        system,
        sink,
        results.flatMap(({ accepted }) => accepted.ids),
      );
      const ofNotifications = await measureNotifications(system, sink, backlog);
      options.say(`reports of notifications: ${Math.round(ofNotifications)}/s`);
      const isolation = await measureIsolation(system, sink, writer, options);
      const ceilingFigure = { what: "bare undici, signing", value: ceiling };
      const figures: Figure[] = [
        {
          what: "signed reports, sustained",
          value: perSecond,
          unit: "/s",
          ceiling: ceilingFigure,
          promise: {
            text: `≥ ${promise.perSecond.toLocaleString("en")}/s and ≥ ${promise.ratio} of the ceiling`,
            isKept: perSecond >= promise.perSecond && perSecond / ceiling >= promise.ratio,
          },
        },
        { what: `reports of ${notifications} sandbox emails, with all they tell`, value: ofNotifications, unit: "/s" },
        { what: "written, delivered and received, each once", value: counted.total, unit: "" },
        { what: "of them verified with standardwebhooks", value: counted.verified, unit: "" },
        ...isolation,
        ...memoryFigures({ sustained: costs }),
      ];
      const settings = { ...(await describeStores(system)), tenants, verifyEach, notifications, isolated };
      return { figures, costs: { sustained: costs }, settings };
    } finally {
      await Promise.all([writer.stop(), sink.stop()]);
      await system.stop();
    }
  },
});

async function measureCeiling(sink: ReportSink, seconds: number): Promise<number> {
  const ceiling = startBareWebhooks();
  try {
    return (await ceiling.ask("measure", { port: sink.port, seconds, connections: 64, atOnce: 100 })).perSecond;
  } finally {
    await ceiling.stop();
    await sink.ask("clear");
  }
}

/** Reports written less those delivered: both are counted where they happen, which costs next to nothing. */
async function readUndelivered({ database, stack: { metricsUrls } }: System): Promise<number> {
  const delivered = await readCounter(
    metricsUrls.worker,
    /^tidings_report_attempted_total\{.*outcome="delivered".*\} (\d+)$/gm,
  );
  const [{ written }] = await database.$queryRaw<[{ written: number }]>`
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END::int AS written FROM report_sequence`;
  return written - delivered;
}

/** That each of these was delivered and received once, signed. @throws {Error} when one was not */
async function mustBeDelivered({ database }: System, sink: ReportSink, written: readonly string[]) {
  const rows = await database.$queryRaw<{ id: string }[]>`SELECT id FROM report WHERE status = 'DELIVERED'`;
  const delivered = new Set(rows.map(({ id }) => id));
  const { ids, repeated, verified, forged, total } = await sink.ask("report");
  const received = new Set(ids);
  const undelivered = written.filter((id) => !delivered.has(uuidOf("report", id) as string)).length;
  const unseen = written.filter((id) => !received.has(id)).length;
  const found = { written: written.length, undelivered, unseen, repeated: repeated.length, verified, forged };
  if (undelivered + unseen + repeated.length + forged > 0 || total !== written.length || verified === 0)
    throw new Error(`the count does not come out even: ${JSON.stringify(found)}, received ${total}`);
  return { total, verified };
}

/** Notifications through the whole pipeline, and all they tell. @returns reports a second */
async function measureNotifications(
  system: System,
  sink: ReportSink,
  backlog: { drained(): Promise<void> },
): Promise<number> {
  await sink.ask("clear");
  const told = await system.createTenants(tenants, "test");
  const tenantIds = told.map(({ id }) => id);
  await createLoadEndpoints(system, sink, { tenantIds, mode: "test", events: ["*"] });
  const run = createRunner(system.generator, {
    port: system.apiPort,
    keys: told.map(({ key }) => key),
    bodies: [oneTimeCodeBodies.email],
    perRequest: 100,
    hasIdempotencyKeys: false,
    connections: 16,
  });
  const startedAt = performance.now();
  await run(null, notifications);
  const expected = notifications * reportsEach;
  while ((await system.database.report.count({ where: { tenantId: { in: tenantIds } } })) < expected)
    await new Promise((resolve) => setTimeout(resolve, 100));
  await backlog.drained();
  const perSecond = (expected / (performance.now() - startedAt)) * 1_000;
  const { ids, total, forged } = await sink.ask("report");
  if (ids.length !== expected || total !== expected || forged > 0)
    throw new Error(`${expected} reports were to arrive: ${ids.length} did, ${total} posts, ${forged} forged`);
  return perSecond;
}

/** How long 99 endpoints wait for what is theirs, alone and beside one that never answers. */
async function measureIsolation(
  system: System,
  sink: ReportSink,
  writer: Awaited<ReturnType<typeof startReportWriter>>,
  { scale, say }: BenchOptions,
): Promise<Figure[]> {
  const tenantIds: string[] = [];
  while (tenantIds.length < isolated.endpoints)
    // all at once would be too much for the pool
    for (const { id } of await system.createTenants(tenants, "live")) tenantIds.push(id);
  const paths = await createLoadEndpoints(system, sink, { tenantIds, mode: "live", events: ["delivery.sent"] });
  const hanging = paths[0] as string;
  const total = Math.round(isolated.perSecond * isolated.seconds * scale);

  async function waits(): Promise<Float64Array> {
    await sink.ask("clear");
    const { ids } = await writer.ask("write", { tenantIds, perSecond: isolated.perSecond, total });
    const uuids = ids.map((id) => uuidOf("report", id) as string);
    const rows = await system.database.report.findMany({
      where: { id: { in: uuids }, tenantId: { in: tenantIds.slice(1) } },
      select: { id: true, createdAt: true },
    });
    for (let tries = 0; tries < 300; tries += 1) {
      const where = { id: { in: rows.map(({ id }) => id) }, status: "PENDING" };
      if ((await system.database.report.count({ where })) === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const report = await sink.ask("report");
    const arrivedAt = new Map(report.ids.map((id, index) => [uuidOf("report", id), report.arrivedAtMs[index]]));
    return Float64Array.from(rows, ({ id, createdAt }) => {
      const at = arrivedAt.get(id);
      if (at === undefined) throw new Error("a report to an endpoint that answers has not arrived");
      return at - createdAt.getTime();
    }).sort();
  }

  say(`${isolated.endpoints} endpoints that answer`);
  await waits(); // all become known to be quick
  const alone = percentile(await waits(), 0.99);
  say("one of them hangs");
  await sink.ask("conduct", { hangsAt: hanging });
  const beside = percentile(await waits(), 0.99);
  const times = isolated.mostTimes;
  return [
    {
      what: `p99 of ${isolated.endpoints - 1} endpoints beside one that hangs`,
      value: beside,
      unit: "ms",
      ceiling: { what: "all answer", value: alone },
      promise: atMost(beside / alone, times, `≤ ${times} × when all answer`),
    },
  ];
}
