import { type Database, Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import type { Owner } from "../owner";
import type { QueueReports } from "../reports/queue-reports";
import { removeSuppressions } from "./remove-suppressions";

/** Most that are lifted at once. */
export const maxLiftedSuppressions = 100;

/**
 * Lifts several suppressions: their addresses may be sent to again. What somebody else has removed by then is passed over.
 * @returns those that were removed, as they were
 * @throws {Refusal} `not_found` when there is none of them
 */
export async function liftSuppressions(
  { database, queueReports }: { database: Database; queueReports: QueueReports },
  owner: Owner,
  ids: readonly string[],
): Promise<Prisma.SuppressionModel[]> {
  const rows = await database.suppression.findMany({ where: { tenantId: owner.tenantId, id: { in: [...ids] } } });
  const removed = await removeSuppressions(database, owner, Prisma.sql`id = ANY(${[...ids]}::uuid[])`);
  if (removed.ids.length === 0) throw new Refusal("not_found", "There is no such suppression any more.");
  void queueReports(removed.reports); // it never throws
  const isRemoved = new Set(removed.ids);
  return rows.filter(({ id }) => isRemoved.has(id));
}
