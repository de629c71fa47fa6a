import type { Database, Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import type { Owner } from "../owner";
import { findReport } from "./get-report";
import type { QueueReports } from "./queue-reports";
import { resetReports } from "./reset-reports";

/**
 * Posts a report once more, whatever became of it: with the same webhook-id, so that who has handled it knows it again.
 * One that is being posted at this moment stays as it is.
 * @returns the report after that
 * @throws {Refusal} `not_found`, or `conflict` when its endpoint is disabled or gone
 */
export async function redeliverReport(
  { database, queueReports }: { database: Database; queueReports: QueueReports },
  owner: Owner,
  id: string,
): Promise<Prisma.ReportModel> {
  const { tenantId, mode } = owner;
  const { endpointId } = await findReport(database, owner, id);
  const endpoint = await database.endpoint.findFirst({ where: { tenantId, mode, id: endpointId } });
  if (!endpoint) throw new Refusal("conflict", "The report's endpoint was deleted.");
  if (!endpoint.enabled) throw new Refusal("conflict", "The report's endpoint is disabled: enable it first.");
  await queueReports(await resetReports(database, tenantId, [id]));
  return await findReport(database, owner, id);
}
