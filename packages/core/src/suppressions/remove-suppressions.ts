import type { Prisma, Transaction } from "@tidings/db/client";
import type { Owner } from "../owner";
import { type WrittenReport, writeReports } from "../reports/write-reports";

export interface RemovedSuppressions {
  count: number;
  /** Of `suppression.removed`: to be queued after the commit. */
  reports: WrittenReport[];
}

/**
 * Removes a tenant's suppressions, so that their addresses may be sent to again, and writes a report of each.
 * @param which over the columns of `suppression`
 */
export async function removeSuppressions(
  transaction: Transaction,
  { tenantId, mode }: Owner,
  which: Prisma.Sql,
): Promise<RemovedSuppressions> {
  const removed = await transaction.$queryRaw<Omit<Prisma.SuppressionModel, "tenantId" | "createdAt">[]>`
    DELETE FROM suppression WHERE tenant_id = ${tenantId}::uuid AND ${which}
    RETURNING id, channel, address, category, reason, detail`;
  const events = removed.map(({ category, ...row }) => ({
    ...{ tenantId, mode, type: "suppression.removed", channel: row.channel, category: category || null },
    facts: { ...row, category: category || null },
  }));
  return { count: removed.length, reports: await writeReports(transaction, events) };
}
