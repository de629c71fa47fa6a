import { type Database, Prisma } from "@tidings/db/client";
import type { Mode } from "@tidings/shared/modes";
import { Refusal } from "@tidings/shared/refusals";
import { z } from "zod";

/** What usage can be told apart by → how the table spells it. */
const groups = {
  day: Prisma.sql`to_char(day, 'YYYY-MM-DD')`,
  channel: Prisma.sql`channel`,
  provider: Prisma.sql`nullif(provider, '')`,
  category: Prisma.sql`nullif(category, '')`,
} as const;
export type UsageGroup = keyof typeof groups;
const groupNames = Object.keys(groups) as [UsageGroup, ...UsageGroup[]];

const dayMs = 24 * 60 * 60 * 1_000;
const maxDays = 366;
/** Most rows of one answer: about a megabyte. */
const maxRows = 10_000;

const day = z.iso
  .date("must be a date such as 2030-01-31")
  .refine((text) => text >= "1970-01-01", "must be after 1969");

/** The query of `GET /v1/usage`. */
export const usageQuery = z.strictObject({
  from: day.optional().meta({ description: "First day, in UTC; the first of the month of `to` when absent" }),
  to: day.optional().meta({ description: `Last day, in UTC; today when absent. At most ${maxDays} days in all` }),
  groupBy: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(groupNames)))
    .refine((names) => new Set(names).size === names.length, "must not name a group twice")
    .optional()
    .meta({
      type: "string",
      description: `Any of ${groupNames.join(", ")}, separated by commas; one sum of everything when absent`,
      example: "day,channel",
    }),
});
export type UsageQuery = z.output<typeof usageQuery>;

const count = z.int().min(0);
const usageRow = z
  .object({
    day: z.iso.date().optional(),
    channel: z.string().optional(),
    provider: z.string().nullable().optional().meta({
      description: "Null for what was accepted, which is counted before a provider is chosen",
    }),
    category: z.string().nullable().optional().meta({ description: "Null for notifications without one" }),
    accepted: count.meta({ description: "Deliveries taken on" }),
    sent: count.meta({ description: "Deliveries a provider took" }),
    failed: count.meta({ description: "Deliveries given up" }),
    units: count.meta({ description: "What was sent in the unit of its channel: SMS segments, else messages" }),
  })
  .meta({ id: "UsageRow" });
export type UsageRow = z.infer<typeof usageRow>;

/** The answer of `GET /v1/usage`; rows carry the groups asked for, and are in their order. */
export const usageReport = z
  .object({ from: z.iso.date(), to: z.iso.date(), data: z.array(usageRow) })
  .meta({ id: "UsageReport" });
export type UsageReport = z.infer<typeof usageReport>;

/**
 * Adds up what a tenant used in a mode over a span of days.
 * @throws {Refusal} `invalid_query` when the span is backwards or too long, or the groups are too many rows
 */
export async function sumUsage(
  database: Database,
  { tenantId, mode }: { tenantId: string; mode: Mode },
  { to = dateOf(Date.now()), from = `${to.slice(0, 7)}-01`, groupBy = [] }: UsageQuery,
): Promise<UsageReport> {
  const days = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
  if (days < 1) throw refuse("/from", "must not be after `to`");
  if (days > maxDays) throw refuse("/from", `must be at most ${maxDays} days before the end of \`to\``);
  const columns = groupBy.map((name) => Prisma.sql`${groups[name]} AS ${Prisma.raw(`"${name}"`)},`);
  const positions = Prisma.raw(groupBy.map((_, index) => index + 1).join(", "));
  const ordered = groupBy.length > 0 ? Prisma.sql`GROUP BY ${positions} ORDER BY ${positions}` : Prisma.empty;
  const data = await database.$queryRaw<UsageRow[]>`
    SELECT ${columns.length > 0 ? Prisma.join(columns, " ") : Prisma.empty}
      coalesce(sum(accepted), 0)::float8 AS accepted, coalesce(sum(sent), 0)::float8 AS sent,
      coalesce(sum(failed), 0)::float8 AS failed, coalesce(sum(units), 0)::float8 AS units
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
