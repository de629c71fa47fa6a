import { setTimeout as sleep } from "node:timers/promises";
import { createQueueReports, reportQueue } from "@tidings/core/reports/queue-reports";
import { type ReportEvent, writeReports } from "@tidings/core/reports/write-reports";
import { type Database, openDatabase } from "@tidings/db/client";
import { createFairQueue } from "@tidings/runtime/fair-queue";
import { createLogger } from "@tidings/runtime/logger";
import { connectRedis } from "@tidings/runtime/redis";
import { newUuid, publicId } from "@tidings/shared/ids";
import { answerQuestions, type OwnProcess, startOwnProcess } from "./own-process";

export interface WriterSettings {
  databaseUrl: string;
  redisUrl: string;
  namespace: string;
}

export interface WritePlan {
  /** With an endpoint each; taken in turn. */
  tenantIds: readonly string[];
  /** Events a second, whether or not earlier ones were delivered; null: as fast as they can be written. */
  perSecond: number | null;
  total: number;
}

/** Events in one statement at most: about what one of the pipeline has. */
const mostAtOnce = 100;
const tickMs = 10;

let database: Database;
let queueReports: ReturnType<typeof createQueueReports>;
const verbs = {
  connect({ databaseUrl, redisUrl, namespace }: WriterSettings) {
    database = openDatabase({ url: databaseUrl, poolSize: 2, applicationName: "tidings-load" });
    const fair = createFairQueue(
      connectRedis(redisUrl, () => {}),
      namespace,
      reportQueue,
    );
    queueReports = createQueueReports({ fair, logger: createLogger({ name: "writer", level: "warn" }) });
  },
  write,
};
export type ReportWriter = OwnProcess<typeof verbs>;

/** Something happens again and again, and is told to tenants' endpoints as the pipeline tells it; in a process of its own. */
export async function startReportWriter(settings: WriterSettings): Promise<ReportWriter> {
  const writer: ReportWriter = startOwnProcess(new URL(import.meta.url));
  await writer.ask("connect", settings);
  return writer;
}

/** @returns public ids of what was written, one for each event */
async function write({ tenantIds, perSecond, total }: WritePlan): Promise<{ ids: string[] }> {
  const ids: string[] = [];
  const startedAt = performance.now();
  let begun = 0;
  while (begun < total) {
    const due = perSecond === null ? total : Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
    const count = Math.min(mostAtOnce, Math.min(due, total) - begun);
    if (count <= 0) {
      await sleep(tickMs);
      continue;
    }
    const first = begun;
    const events = Array.from({ length: count }, (_, index) => eventOf(tenantIds, first + index));
    begun += count;
    const written = await writeReports(database, events);
    await queueReports(written);
    for (const { id } of written) ids.push(publicId("report", id));
  }
  return { ids };
}

function eventOf(tenantIds: readonly string[], number: number): ReportEvent {
  const notificationId = newUuid();
  const facts = {
    ...{ id: newUuid(), notificationId, channel: "email", address: `n${number}@example.com`, recipientId: null },
    ...{ category: "security", status: "SENT", provider: "smtp", providerMessageId: `<${number}@example.com>` },
    ...{ reason: null, attempt: 1 },
  };
  const tenantId = tenantIds[number % tenantIds.length] as string;
  return {
    tenantId,
    mode: "live",
    type: "delivery.sent",
    notificationId,
    channel: "email",
    category: "security",
    facts,
  };
}

if (process.send && process.argv[1] === new URL(import.meta.url).pathname) answerQuestions(verbs);
