import type { Database, Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import type { Owner } from "../owner";
import type { ReportStory } from "./present-report";

/**
 * A report of a tenant.
 * @param id UUID
 * @throws {Refusal} `not_found` when the tenant has none with that id in that mode
 */
export async function findReport(
  database: Database,
  { tenantId, mode }: Owner,
  id: string,
): Promise<Prisma.ReportModel> {
  const report = await database.report.findFirst({ where: { tenantId, mode, id } });
  if (!report) throw new Refusal("not_found", `There is no ${mode} report with this id.`);
  return report;
}

/** A report with every try to post it. @throws {Refusal} `not_found` */
export async function getReport(database: Database, owner: Owner, id: string): Promise<ReportStory> {
  const report = await findReport(database, owner, id);
  const attempts = await database.reportAttempt.findMany({
    where: { tenantId: owner.tenantId, reportId: id },
    orderBy: { number: "asc" },
  });
  return { report, attempts };
}
