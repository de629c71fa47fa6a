import type { Database } from "@tidings/db/client";
import { firstUuidAt, publicId } from "@tidings/shared/ids";
import { letterWaits } from "../dead-letters/status-of-letter";
import type { Owner } from "../owner";
import { getUsage } from "../usage/get-usage";
import { countHours, type Volume } from "./count-hours";
import { type FoundProblems, findProblems } from "./find-problems";
import { type Latency, sampleLatency } from "./sample-latency";

/** How far an overview looks back: a day by the hour, longer by the day (in UTC). */
export const overviewRanges = { "24h": 1, "7d": 7, "30d": 30, "90d": 90 } as const;
export type OverviewRange = keyof typeof overviewRanges;

/** What was counted over a span. */
export interface OverviewTotals {
  accepted: number;
  sent: number;
  delivered: number;
  failed: number;
  /** Of the deliveries that were sent or given up, the share that was sent, 0 to 1; null when there were none. */
  successRate: number | null;
}

/** Whether all is right with a tenant's mode. */
export interface Overview extends Latency, FoundProblems {
  unit: "hour" | "day";
  volumes: Volume[];
  totals: OverviewTotals;
  /** Of as much time before it; null by the hour, where usage knows days only. */
  before: OverviewTotals | null;
  /** Messages that could not be processed and wait for an operator, at most 100 counted. */
  deadLetters: number;
  /** Endpoints that were disabled, or at which nothing gets through. */
  endpoints: { id: string; url: string; disabledReason: string | null; failingSince: string | null }[];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** What a tenant's overview shows: volume by outcome, success, latency and what needs a person. */
export async function getOverview(
  database: Database,
  owner: Owner,
  range: OverviewRange,
  now = Date.now(),
): Promise<Overview> {
  const days = overviewRanges[range];
  const isByHour = range === "24h";
  const from = isByHour ? startOf(now, hourMs) - 23 * hourMs : startOf(now, dayMs) - (days - 1) * dayMs;
  const [volumes, before, latency, deadLetters, endpoints] = await Promise.all([
    isByHour ? countHours(database, owner, from, 24) : countDays(database, owner, from, days),
    isByHour ? null : totalsOf(await countDays(database, owner, from - days * dayMs, days)),
    sampleLatency(database, owner, { from, to: now }),
    countDeadLetters(database, owner),
    findEndpoints(database, owner),
  ]);
  // By itself, so that it comes as far back as it can in its time.
  const found = await findProblems(database, owner, { from: firstUuidAt(from), below: firstUuidAt(now + dayMs) });
  const unit = isByHour ? "hour" : "day";
  return { unit, volumes, totals: totalsOf(volumes), before, ...latency, ...found, deadLetters, endpoints };
}

const startOf = (timeMs: number, unitMs: number) => Math.floor(timeMs / unitMs) * unitMs;
const dateOf = (timeMs: number) => new Date(timeMs).toISOString().slice(0, 10);

/** From usage, which is what is billed. */
async function countDays(database: Database, owner: Owner, from: number, days: number): Promise<Volume[]> {
  const starts = Array.from({ length: days }, (_, index) => from + index * dayMs);
  const span = { from: dateOf(from), to: dateOf(from + (days - 1) * dayMs) };
  const { data } = await getUsage(database, owner, { ...span, groupBy: ["day"] });
  const byDay = new Map(data.map((row) => [row.day, row]));
  return starts.map((start) => {
    const { accepted = 0, sent = 0, delivered = 0, failed = 0 } = byDay.get(dateOf(start)) ?? {};
    return { at: new Date(start).toISOString(), accepted, sent, delivered, failed, isEstimate: false };
  });
}

function totalsOf(volumes: readonly Volume[]): OverviewTotals {
  const sum = (name: "accepted" | "sent" | "delivered" | "failed") =>
    volumes.reduce((total, volume) => total + volume[name], 0);
  const [sent, failed] = [sum("sent"), sum("failed")];
  const successRate = sent + failed === 0 ? null : sent / (sent + failed);
  return { accepted: sum("accepted"), sent, delivered: sum("delivered"), failed, successRate };
}

async function countDeadLetters(database: Database, { tenantId, mode }: Owner): Promise<number> {
  const [{ count }] = await database.$queryRaw<[{ count: number }]>`
    SELECT count(*)::int AS count FROM (
      SELECT 1 FROM dead_letter AS d
      WHERE d.tenant_id = ${tenantId}::uuid AND d.mode = ${mode} AND ${letterWaits} LIMIT 100
    ) AS waiting`;
  return count;
}

async function findEndpoints(database: Database, { tenantId, mode }: Owner): Promise<Overview["endpoints"]> {
  const rows = await database.endpoint.findMany({
    where: { tenantId, mode, OR: [{ disabledReason: { not: null } }, { failingSince: { not: null } }] },
    select: { id: true, url: true, disabledReason: true, failingSince: true },
  });
  return rows.map(({ id, failingSince, ...row }) => ({
    ...row,
    id: publicId("endpoint", id),
    failingSince: failingSince?.toISOString() ?? null,
  }));
}
