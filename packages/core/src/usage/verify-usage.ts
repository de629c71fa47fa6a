import { type Database, Prisma } from "@tidings/db/client";
import { keyOfUsage, recountUsage, type UsageSpan, type UsageSum } from "./recount-usage";

/** The counts of a sum. */
export type UsageCounts = Pick<UsageSum, "accepted" | "sent" | "delivered" | "failed" | "units">;

/** Where usage and the rows it was counted from differ. */
export interface UsageDifference extends Omit<UsageSum, keyof UsageCounts> {
  counted: UsageCounts;
  recounted: UsageCounts;
}

/**
 * Compares usage of a span with the rows it was counted from, see `recountUsage` for what can lie between them at its ends.
 * Days whose deliveries retention has deleted differ, of course.
 * @returns how many sums were compared, and those that differ
 */
export async function verifyUsage(
  database: Database,
  span: UsageSpan,
): Promise<{ compared: number; differences: UsageDifference[] }> {
  const counted = byKey(await sumUsage(database, span));
  const recounted = byKey(await recountUsage(database, span));
  const keys = new Set([...counted.keys(), ...recounted.keys()]);
  const differences = [...keys].flatMap((key) => {
    const [one, other] = [counted.get(key), recounted.get(key)];
    const [before, after] = [countsOf(one), countsOf(other)];
    const sum = one ?? other;
    if (!sum || JSON.stringify(before) === JSON.stringify(after)) return [];
    const { tenantId, mode, channel, provider, category } = sum;
    return [{ tenantId, mode, channel, provider, category, counted: before, recounted: after }];
  });
  return { compared: keys.size, differences };
}

async function sumUsage(database: Database, { from, to, tenantId }: UsageSpan): Promise<UsageSum[]> {
  return await database.$queryRaw<UsageSum[]>`
    SELECT tenant_id AS "tenantId", mode, channel, provider, category, sum(accepted)::float8 AS accepted,
      sum(sent)::float8 AS sent, sum(delivered)::float8 AS delivered, sum(failed)::float8 AS failed,
      sum(units)::float8 AS units
    FROM usage
    WHERE day BETWEEN ${from}::date AND ${to}::date
      ${tenantId ? Prisma.sql`AND tenant_id = ${tenantId}::uuid` : Prisma.empty}
    GROUP BY 1, 2, 3, 4, 5`;
}

function byKey(sums: readonly UsageSum[]): Map<string, UsageSum> {
  return new Map(sums.map((sum) => [keyOfUsage(sum), sum]));
}

function countsOf(sum: UsageSum | undefined): UsageCounts {
  const { accepted = 0, sent = 0, delivered = 0, failed = 0, units = 0 } = sum ?? {};
  return { accepted, sent, delivered, failed, units };
}
