import { type Database, Prisma } from "@tidings/db/client";
import { firstUuidAt, lastUuidAt, uuidTimeMs } from "@tidings/shared/ids";
import type { Page, PageRequest } from "../page";
import { readBack } from "../read-back";
import type { AuditFilters } from "./audit-schemas";

/** A page of an audit log. */
export interface AuditPage extends Page<Prisma.AuditEntryModel> {
  /** Where the next page begins; null at the end. */
  after: string | null;
  /** Down to when it was looked, when time was up before there was a whole page; null otherwise. */
  searchedTo: Date | null;
}

const lastTimeMs = Date.parse("9999-12-31T23:59:59.999Z");
/** Longest that a page is looked for, unless said otherwise. */
const usualBudgetMs = 200;

/**
 * A page of a tenant's audit log, newest first. What an entry says has no index: entries are read one after the other, in
 * bounded steps, until there is a page or the time is up. Then the page is short, says how far it came, and the next one
 * goes on from there.
 */
export async function listAudit(
  database: Database,
  tenantId: string,
  filters: AuditFilters,
  { limit, after }: PageRequest,
  budgetMs = usualBudgetMs,
): Promise<AuditPage> {
  const from = firstUuidAt(filters.from?.getTime() ?? 0);
  const latest = filters.to ? firstUuidAt(filters.to.getTime()) : lastUuidAt(lastTimeMs);
  const isHit = hitBy(filters);
  const found: string[] = [];
  const start = { below: after !== undefined && after < latest ? after : latest, atLeast: limit + 1, budgetMs };
  const { why, to } = await readBack(start, async (below, step) => {
    const size = Prisma.raw(String(step)); // the planner has to know it
    const [row] = await database.$queryRaw<[{ count: number; last: string | null; ids: string[] }]>`
      WITH scanned AS MATERIALIZED (
        SELECT id, ${isHit} AS hit FROM audit_entry
        WHERE tenant_id = ${tenantId}::uuid AND id >= ${from}::uuid AND id < ${below}::uuid
        ORDER BY id DESC LIMIT ${size}
      )
      SELECT (SELECT count(*)::int FROM scanned) AS count, (SELECT id FROM scanned ORDER BY id LIMIT 1) AS last,
        ARRAY(SELECT id FROM scanned WHERE hit ORDER BY id DESC LIMIT ${limit + 1 - found.length}) AS ids`;
    found.push(...row.ids);
    return { ...row, isEnough: found.length > limit };
  });
  const ids = found.slice(0, limit);
  const rows = await database.auditEntry.findMany({ where: { tenantId, id: { in: ids } }, orderBy: { id: "desc" } });
  if (why === "end") return { rows, hasMore: false, after: null, searchedTo: null };
  if (why === "enough") return { rows, hasMore: true, after: ids.at(-1) ?? null, searchedTo: null };
  return { rows, hasMore: true, after: to, searchedTo: new Date(uuidTimeMs(to)) };
}

/** Whether an entry passes the filters that have no index. */
function hitBy({ actor, actions = [], q }: AuditFilters): Prisma.Sql {
  const all = [
    Prisma.sql`true`,
    ...(actor !== undefined ? [Prisma.sql`actor = ${actor}`] : []),
    ...(actions.length > 0 ? [Prisma.sql`action = ANY(${actions}::text[])`] : []),
    ...(q !== undefined ? [holding(q)] : []),
  ];
  return Prisma.sql`(${Prisma.join(all, " AND ")})`;
}

/** Entries that hold a text, whatever its case. */
function holding(text: string): Prisma.Sql {
  return Prisma.sql`position(${text.toLowerCase()} IN lower(
    concat_ws(' ', actor, action, target, ip_address, request_id, before::text, after::text))) > 0`;
}
