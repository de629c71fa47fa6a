import { type Database, Prisma } from "@tidings/db/client";
import { firstUuidAt, lastUuidAt, uuidTimeMs } from "@tidings/shared/ids";
import { priorityRank } from "@tidings/shared/priorities";
import type { Owner } from "../owner";
import type { PageRequest } from "../page";
import { readBack } from "../read-back";
import type { NotificationFilters } from "./notification-schemas";
import { type Place, placesOf } from "./search-places";

/** Ids of notifications that were looked for, newest first. */
export interface FoundNotifications {
  ids: string[];
  hasMore: boolean;
  /** Where the next page goes on; null when there is none. */
  after: string | null;
  /** Down to when it was looked, when time was up before there was a whole page; null otherwise. */
  searchedTo: Date | null;
}

/**
 * Most that lies between an id's time and the time its row was written: they come right after one another, on clocks that
 * may differ a little.
 */
const spanMs = 60_000;
/** Longest that a page is looked for, unless said otherwise. What it takes to load its rows comes on top. */
const usualBudgetMs = 60;

/**
 * Looks for a page of a tenant's notifications, newest first. What is filtered by has no index where it changes (a status)
 * or would cost every accepted notification (a category): those are read one after the other, in bounded steps, until there
 * is a page or the time is up. Then the page is short, says how far it came, and the next one goes on from there.
 */
export async function findNotifications(
  database: Database,
  { tenantId, mode }: Owner,
  filters: NotificationFilters,
  { limit, after }: PageRequest,
  budgetMs = usualBudgetMs,
): Promise<FoundNotifications> {
  const places = placesOf({ tenantId, mode }, filters);
  if (places.length === 0) return { ids: [], hasMore: false, after: null, searchedTo: null };
  const isHit = hitBy(tenantId, mode, filters);
  const from = filters.since === undefined ? firstUuidAt(0) : firstUuidAt(timeOf(filters.since).getTime() - spanMs);
  const ids: string[] = [];
  const start = { below: boundOf(after, filters.until), atLeast: limit + 1, budgetMs };
  const { why, to } = await readBack(start, async (below, step) => {
    const read = await readStep(database, { places, isHit, from, below, step, limit: limit + 1 - ids.length });
    ids.push(...read.ids);
    return { ...read, isEnough: ids.length > limit };
  });
  const page = ids.slice(0, limit);
  if (why === "enough") return { ids: page, hasMore: true, after: page.at(-1) ?? null, searchedTo: null };
  if (why === "end") return { ids, hasMore: false, after: null, searchedTo: null };
  return { ids, hasMore: true, after: to, searchedTo: new Date(uuidTimeMs(to)) };
}

interface Step {
  places: readonly Place[];
  isHit: Prisma.Sql;
  from: string;
  below: string;
  step: number;
  limit: number;
}

/** Reads the newest rows below an id: how many, the last of them, and those that are looked for. */
async function readStep(database: Database, { places, isHit, from, below, step, limit }: Step) {
  const size = Prisma.raw(String(step)); // the planner has to know it
  const read = places.map((place) => Prisma.sql`(${place({ from, below, size })})`);
  const [row] = await database.$queryRaw<[{ count: number; last: string | null; ids: string[] }]>`
    WITH scanned AS MATERIALIZED (
      SELECT n.id, ${isHit} AS hit FROM (${Prisma.join(read, " UNION ALL ")}) AS n ORDER BY n.id DESC LIMIT ${size}
    )
    SELECT (SELECT count(*)::int FROM scanned) AS count, (SELECT id FROM scanned ORDER BY id LIMIT 1) AS last,
      ARRAY(SELECT DISTINCT id FROM scanned WHERE hit ORDER BY id DESC LIMIT ${limit}) AS ids`;
  return row;
}

/** Whether a row `n` is of the mode and passes the filters. */
function hitBy(tenantId: string, mode: string, filters: NotificationFilters): Prisma.Sql {
  const { status, channel, recipient, template, category, priority, since, until } = filters;
  const all = [Prisma.sql`n.mode = ${mode}`];
  if (status) all.push(Prisma.sql`n.status = ANY(${status}::text[])`);
  if (channel) all.push(Prisma.sql`${channel} = ANY(n.channels)`);
  if (recipient) all.push(Prisma.sql`n.recipient_id IS NOT DISTINCT FROM ${recipient}`);
  if (category) all.push(Prisma.sql`n.category IS NOT DISTINCT FROM ${category}`);
  if (priority) all.push(Prisma.sql`n.priority = ANY(${priority.map(priorityRank)}::smallint[])`);
  if (template) {
    all.push(Prisma.sql`coalesce(n.template_id = (
      SELECT t.id FROM template AS t WHERE t.tenant_id = ${tenantId}::uuid AND t.key = ${template}), false)`);
  }
  if (since) all.push(Prisma.sql`n.created_at >= ${timeOf(since)}`);
  if (until) all.push(Prisma.sql`n.created_at < ${timeOf(until)}`);
  return Prisma.sql`(${Prisma.join(all, " AND ")})`;
}

const lastTimeMs = Date.parse("9999-12-31T23:59:59.999Z");

/** A time that Postgres can read too: with its offset, one at either end of the calendar may lie beyond it. */
function timeOf(text: string): Date {
  return new Date(Math.min(Math.max(Date.parse(text), 0), lastTimeMs));
}

/** Ids bound what is read, as they are the only index over time: the first id that a page must not hold any more. */
function boundOf(after: string | undefined, until: string | undefined): string {
  const latest = lastUuidAt(until === undefined ? lastTimeMs : timeOf(until).getTime() + spanMs);
  return after !== undefined && after < latest ? after : latest;
}
