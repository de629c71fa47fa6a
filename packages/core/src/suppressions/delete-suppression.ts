import { type Database, Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import type { Owner } from "../owner";
import type { QueueReports } from "../reports/queue-reports";
import { removeSuppressions } from "./remove-suppressions";

/**
 * Removes a suppression: its address may be sent to again.
 * @throws {Refusal} `not_found`
 */
export async function deleteSuppression(
  { database, queueReports }: { database: Database; queueReports: QueueReports },
  owner: Owner,
  id: string,
): Promise<void> {
  const { count, reports } = await removeSuppressions(database, owner, Prisma.sql`id = ${id}::uuid`);
  if (count === 0) throw new Refusal("not_found", "There is no suppression with this id.");
  void queueReports(reports); // it never throws
}
