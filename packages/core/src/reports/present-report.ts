import type { Prisma } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import { bodyOf } from "@tidings/shared/report-events";
import type { PublicReport, PublicReportDetail, ReportStatus } from "./report-schemas";

/** A report with its attempts, first to last. */
export interface ReportStory {
  report: Prisma.ReportModel;
  attempts: readonly Prisma.ReportAttemptModel[];
}

/** A report as its tenant sees it. */
export function presentReport(row: Prisma.ReportModel): PublicReport {
  return {
    id: publicId("report", row.id),
    endpointId: publicId("endpoint", row.endpointId),
    type: row.type,
    notificationId: row.notificationId && publicId("notification", row.notificationId),
    status: row.status as ReportStatus,
    attemptCount: row.attempts,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    settledAt: row.settledAt?.toISOString() ?? null,
  };
}

/** The whole story of a report as its tenant sees it. */
export function presentReportDetail({ report, attempts }: ReportStory): PublicReportDetail {
  return {
    ...presentReport(report),
    body: bodyOf(report),
    attempts: attempts.map(({ number, outcome, statusCode, response, reason, startedAt, durationMs }) => ({
      number,
      outcome,
      statusCode,
      response,
      reason,
      startedAt: startedAt.toISOString(),
      durationMs,
    })),
  };
}
