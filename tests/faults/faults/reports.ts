import { setTimeout as sleep } from "node:timers/promises";
import { createQueueReports, reportQueue } from "@tidings/core/reports/queue-reports";
import { resetReports } from "@tidings/core/reports/reset-reports";
import type { Database } from "@tidings/db/client";
import { createFairQueue } from "@tidings/runtime/fair-queue";
import { createLogger } from "@tidings/runtime/logger";
import { connectRedis } from "@tidings/runtime/redis";
import { publicId } from "@tidings/shared/ids";
import { createLoadEndpoints } from "../../load/load-endpoints";
import { type ReportSink, startReportSink } from "../../load/report-sink-process";
import type { System } from "../../load/system";
import type { Fault } from "../fault";
import { between } from "../random";
import { crash } from "../take-away";

/** With the rest of the load, for ten thousand notifications. */
const lastsSeconds = 38;
const kills = 3;
const refuseEach = 3;
/** Longest wait for the last report: its worker's lease, and the queue's. */
const deliveredWithinMs = 120_000;
/** A report whose next attempt is further away than this is asked for again, as a tenant would who sees it fail. */
const patienceMs = 6_000;

export const reportFaults: readonly Fault[] = [reportsUnderKills()];

/** Tenants whose endpoints answer 500 to every third request, and a worker that dies again and again. */
function reportsUnderKills(): Fault {
  let sink: ReportSink;
  return {
    name: "reports-worker-killed",
    does: `kill -9 of the worker ${kills} times, while endpoints answer 500 to every third report`,
    lastsSeconds,
    mayDouble: true,
    async prepare() {
      sink = await startReportSink();
      await sink.ask("conduct", { verifyEach: 1, refuseEach });
      return () => sink.stop();
    },
    async equip(system, tenantIds) {
      const events = ["delivery.sent", "delivery.failed", "delivery.unknown"];
      await createLoadEndpoints(system, sink, { tenantIds, mode: "live", events });
    },
    async strike({ system: { stack }, random }) {
      const pauseMs = (lastsSeconds * 1_000) / kills;
      for (let kill = 0; kill < kills; kill += 1) {
        crash(stack.processes.worker);
        await sleep(between(random, 0.7, 1) * pauseMs);
      }
    },
    async verify(system, tenantIds) {
      await untilDelivered(system, tenantIds);
      return await expectEachOnce(system.database, tenantIds, sink);
    },
  };
}

/** Asks again for what waits long, until every report is delivered. @throws {Error} when some never are */
async function untilDelivered({ database, stack }: System, tenantIds: readonly string[]): Promise<void> {
  const redis = connectRedis(stack.connection.redisUrl, () => {});
  const fair = createFairQueue(redis, stack.env.TIDINGS_NAMESPACE as string, reportQueue);
  const queueReports = createQueueReports({ fair, logger: createLogger({ name: "faults", level: "warn" }) });
  const deadlineMs = Date.now() + deliveredWithinMs;
  try {
    for (;;) {
      const where = { tenantId: { in: [...tenantIds] }, status: { not: "DELIVERED" } };
      const open = await database.report.findMany({
        where,
        select: { id: true, tenantId: true, nextAttemptAt: true, status: true },
      });
      if (open.length === 0) return;
      if (Date.now() > deadlineMs) throw new Error(`${open.length} reports were not delivered`);
      const far = Date.now() + patienceMs;
      const isFar = ({ status, nextAttemptAt }: (typeof open)[number]) =>
        status === "FAILED" || (nextAttemptAt !== null && nextAttemptAt.getTime() > far);
      for (const tenantId of tenantIds) {
        const ids = open.filter((one) => one.tenantId === tenantId && isFar(one)).map(({ id }) => id);
        await queueReports(await resetReports(database, tenantId, ids));
      }
      await sleep(500);
    }
  } finally {
    redis.disconnect();
  }
}

/**
 * One report for each outcome, and each of them at the sink, signed; those that came twice were posted by a worker that
 * died before it could say so.
 */
async function expectEachOnce(database: Database, tenantIds: string[], sink: ReportSink): Promise<string> {
  const tenants = { tenantId: { in: tenantIds } };
  const [outcomes, reports, attempts, seen] = await Promise.all([
    database.delivery.count({ where: { ...tenants, status: { in: ["SENT", "FAILED", "UNKNOWN"] } } }),
    database.report.findMany({ where: tenants, select: { id: true, attempts: true } }),
    database.reportAttempt.groupBy({ by: ["reportId"], where: tenants, _count: true }),
    sink.ask("report"),
  ]);
  if (reports.length !== outcomes) throw new Error(`${outcomes} outcomes have ${reports.length} reports`);
  const received = new Set(seen.ids);
  const lost = reports.filter(({ id }) => !received.has(publicId("report", id)));
  if (lost.length > 0) throw new Error(`${lost.length} reports never arrived`);
  if (seen.forged > 0 || seen.verified < reports.length) throw new Error(`${seen.forged} reports did not verify`);
  const recorded = new Map(attempts.map(({ reportId, _count }) => [publicId("report", reportId), _count]));
  const begun = new Map(reports.map(({ id, attempts }) => [publicId("report", id), attempts]));
  const unexplained = seen.repeated.filter(([id]) => (begun.get(id) ?? 0) <= (recorded.get(id) ?? 0));
  if (unexplained.length > 0) throw new Error(`${unexplained.length} reports came twice, and no worker died with them`);
  return [
    `${outcomes} outcomes, ${reports.length} reports, ${received.size} arrived and verified`,
    `${seen.turnedDown} posts answered 500, ${seen.repeated.length} came twice, 0 lost`,
  ].join("; ");
}
