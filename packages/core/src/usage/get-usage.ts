import { type Database, Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import type { Owner } from "../owner";
import { maxUsageDays, type PublicUsage, type UsageGroup, type UsageQuery, type UsageRow } from "./usage-schemas";

/** What usage is told apart by, as the table spells it. */
const groups: Record<UsageGroup, Prisma.Sql> = {
  day: Prisma.sql`to_char(day, 'YYYY-MM-DD')`,
  channel: Prisma.sql`channel`,
  provider: Prisma.sql`nullif(provider, '')`,
  category: Prisma.sql`nullif(category, '')`,
};

const dayMs = 24 * 60 * 60 * 1_000;
/** Most rows of one answer: about a megabyte. */
const maxRows = 10_000;

/**
 * Adds up what a tenant used in a mode over a span of days.
 * @throws {Refusal} `invalid_query` when the span is backwards or too long, or the groups are too many rows
 */
export async function getUsage(
  database: Database,
  { tenantId, mode }: Owner,
  { to = dateOf(Date.now()), from = `${to.slice(0, 7)}-01`, groupBy = [] }: UsageQuery,
): Promise<PublicUsage> {
  const days = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
  if (days < 1) throw refuse("/from", "must not be after `to`");
  if (days > maxUsageDays) throw refuse("/from", `must be at most ${maxUsageDays} days before the end of \`to\``);
  const columns = groupBy.map((name) => Prisma.sql`${groups[name]} AS ${Prisma.raw(`"${name}"`)},`);
  const positions = Prisma.raw(groupBy.map((_, index) => index + 1).join(", "));
  const ordered = groupBy.length > 0 ? Prisma.sql`GROUP BY ${positions} ORDER BY ${positions}` : Prisma.empty;
  const data = await database.$queryRaw<UsageRow[]>`
    SELECT ${columns.length > 0 ? Prisma.join(columns, " ") : Prisma.empty}
      coalesce(sum(accepted), 0)::float8 AS accepted, coalesce(sum(sent), 0)::float8 AS sent,
      coalesce(sum(delivered), 0)::float8 AS delivered, coalesce(sum(failed), 0)::float8 AS failed,
      coalesce(sum(units), 0)::float8 AS units
    FROM usage
    WHERE tenant_id = ${tenantId}::uuid AND mode = ${mode} AND day BETWEEN ${from}::date AND ${to}::date
    ${ordered} LIMIT ${maxRows + 1}`;
  if (data.length > maxRows) throw refuse("/groupBy", `makes more than ${maxRows} rows; ask for fewer days or groups`);
  return { from, to, data };
}

function dateOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

function refuse(pointer: string, message: string): Refusal {
  return new Refusal("invalid_query", "A query parameter is not valid.", { faults: [{ pointer, message }] });
}
