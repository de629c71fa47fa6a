import type { Database, Prisma } from "@tidings/db/client";
import { exampleFactsOf } from "@tidings/shared/report-events";
import type { Owner } from "../owner";
import type { QueueReports } from "../reports/queue-reports";
import type { TestEventBody } from "./endpoint-schemas";
import { getEnabledEndpoint } from "./get-endpoint";

/**
 * Reports an example of an event to an endpoint, whether or not it asked for such events.
 * @returns the report, which is on its way
 * @throws {Refusal} `not_found`, or `conflict` when the endpoint is disabled
 */
export async function sendTestEvent(
  { database, queueReports }: { database: Database; queueReports: QueueReports },
  owner: Owner,
  endpointId: string,
  { type }: TestEventBody,
): Promise<Prisma.ReportModel> {
  const { tenantId, mode } = owner;
  await getEnabledEndpoint(database, owner, endpointId);
  const facts = exampleFactsOf(type) as Prisma.InputJsonObject;
  const report = await database.report.create({ data: { tenantId, mode, endpointId, type, facts } });
  await queueReports([{ id: report.id, endpointId }]);
  return report;
}
