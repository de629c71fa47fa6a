import { providerName } from "@tidings/channels/registry";
import type { Database } from "@tidings/db/client";
import { firstUuidAt, publicId, uuidTimeMs } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import { isErased } from "../people/erased-address";
import { presentReport } from "../reports/present-report";
import type { PublicReport, PublicReportDetail } from "../reports/report-schemas";
import { getNotification } from "./get-notification";
import type { NotificationStory } from "./notification-row";
import type { PublicNotificationDetail } from "./notification-schemas";
import { presentNotificationDetail } from "./present-notification";
import { type Stage, tellStages } from "./tell-stages";

/** A report about a notification, with where it went and every try. */
export interface ToldReport extends PublicReport {
  /** Null when the endpoint is gone. */
  url: string | null;
  attempts: PublicReportDetail["attempts"];
}

/** All there is to say about one message. */
export interface MessageStory {
  notification: PublicNotificationDetail;
  /** Its way through the pipeline. */
  stages: Stage[];
  /** What people call whoever tried: the tenant's accounts that are still there by their public ids, and providers by theirs. */
  senderNames: Record<string, string>;
  /** What endpoints were told of it, first to last. */
  reports: ToldReport[];
  /** Whether there are more reports than are told here. */
  hasMoreReports: boolean;
  /** Whether its person was erased: then there is no address, content or provider's word left. */
  isErased: boolean;
}

/** Most reports of one story, and how much of what an endpoint answered is told: a reader looks, a machine asks for the report. */
const maxReports = 50;
const maxResponse = 2_000;
/** How much clocks may differ. */
const clocksMs = 60_000;

/**
 * The whole story of one message of a tenant, in whichever mode: the notification with deliveries, attempts and timeline, its
 * way through the pipeline, and what endpoints were told.
 * @param id UUID
 * @throws {Refusal} `not_found`
 */
export async function getMessageStory(database: Database, tenantId: string, id: string): Promise<MessageStory> {
  const found = await database.notification.findFirst({ where: { tenantId, id }, select: { mode: true } });
  if (!found) throw new Refusal("not_found", "There is no message with this id.");
  const mode = found.mode === "test" ? "test" : "live";
  const [story, told] = await Promise.all([
    getNotification(database, { tenantId, mode }, id),
    loadReports(database, tenantId, id),
  ]);
  return {
    notification: presentNotificationDetail(story),
    stages: tellStages(story),
    senderNames: senderNamesOf(story),
    ...told,
    isErased: isErased(story.notification),
  };
}

async function loadReports(database: Database, tenantId: string, notificationId: string) {
  const rows = await database.report.findMany({
    // None is older than its notification: weeks before it are not looked at.
    where: { tenantId, notificationId, id: { gte: firstUuidAt(uuidTimeMs(notificationId) - clocksMs) } },
    orderBy: { sequence: "asc" },
    take: maxReports + 1,
  });
  const reports = rows.slice(0, maxReports);
  const ids = reports.map(({ id }) => id);
  const [endpoints, attempts] = await Promise.all([
    database.endpoint.findMany({
      where: { tenantId, id: { in: reports.map(({ endpointId }) => endpointId) } },
      select: { id: true, url: true },
    }),
    database.$queryRaw<(ToldReport["attempts"][number] & { reportId: string })[]>`
      SELECT report_id AS "reportId", number, outcome, status_code AS "statusCode", left(response, ${maxResponse}::int) AS response,
        reason, started_at AS "startedAt", duration_ms AS "durationMs"
      FROM report_attempt WHERE tenant_id = ${tenantId}::uuid AND report_id = ANY(${ids}::uuid[])
      ORDER BY report_id, number`,
  ]);
  const urls = new Map(endpoints.map(({ id, url }) => [id, url]));
  return {
    reports: reports.map((report) => ({
      ...presentReport(report),
      url: urls.get(report.endpointId) ?? null,
      attempts: attempts
        .filter(({ reportId }) => reportId === report.id)
        .map(({ reportId: _, startedAt, ...attempt }) => ({
          ...attempt,
          startedAt: new Date(startedAt).toISOString(),
        })),
    })),
    hasMoreReports: rows.length > maxReports,
  };
}

function senderNamesOf({ deliveries, accountNames }: NotificationStory): Record<string, string> {
  const tries = deliveries.flatMap(({ attempts }) => attempts);
  const accounts = [...(accountNames ?? [])].map(([id, name]) => [publicId("account", id), name]);
  return Object.fromEntries([...tries.map(({ provider }) => [provider, providerName(provider)]), ...accounts]);
}
