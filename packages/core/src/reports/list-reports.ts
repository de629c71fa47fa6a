import type { Database, Prisma } from "@tidings/db/client";
import { firstUuidAt, uuidTimeMs } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import { getEndpoint } from "../endpoints/get-endpoint";
import type { Owner } from "../owner";
import { type Page, type PageRequest, pageOf } from "../page";
import type { ReportFilters } from "./report-schemas";

/**
 * A page of a notification's reports to whichever endpoints, newest first.
 * @throws {Refusal} `not_found` when the tenant has no such notification
 */
export async function listNotificationReports(
  database: Database,
  { tenantId, mode }: Owner,
  notificationId: string,
  { limit, after }: PageRequest,
): Promise<Page<Prisma.ReportModel>> {
  const notification = await database.notification.findFirst({
    where: { tenantId, mode, id: notificationId },
    select: { id: true },
  });
  if (!notification) throw new Refusal("not_found", `There is no ${mode} notification with this id.`);
  const rows = await database.report.findMany({
    where: {
      tenantId,
      notificationId,
      mode,
      id: { gte: firstUuidAt(uuidTimeMs(notificationId)), ...(after && { lt: after }) },
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  return pageOf(rows, limit);
}

/**
 * A page of an endpoint's reports, newest first.
 * @throws {Refusal} `not_found` when the tenant has no such endpoint
 */
export async function listReports(
  database: Database,
  owner: Owner,
  endpointId: string,
  { status, type, notificationId, since, until }: ReportFilters,
  { limit, after }: PageRequest,
): Promise<Page<Prisma.ReportModel>> {
  const { tenantId, mode } = owner;
  await getEndpoint(database, owner, endpointId);
  const bounds = [after, until && firstUuidAt(Date.parse(until))].filter((bound) => bound !== undefined).sort();
  const rows = await database.report.findMany({
    where: {
      tenantId,
      mode,
      endpointId,
      ...(status && { status }),
      ...(type && { type }),
      ...(notificationId && { notificationId }),
      id: { ...(bounds[0] && { lt: bounds[0] }), ...(since && { gte: firstUuidAt(Date.parse(since)) }) },
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  return pageOf(rows, limit);
}
