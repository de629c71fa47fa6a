import { reportEventTypes } from "@tidings/shared/report-events";
import { z } from "zod";
import { pageQuery } from "../page";

/** What becomes of a report. */
export const reportStatuses = ["PENDING", "DELIVERED", "FAILED"] as const;
export type ReportStatus = (typeof reportStatuses)[number];

const given = z.iso.datetime({ offset: true, message: "must be an RFC 3339 time such as 2030-01-31T09:00:00Z" });
const moment = z.iso.datetime();
const maxAgeDays = 30;

/** Filters of an endpoint's reports; the notification's id comes with them. */
export const reportFilters = pageQuery.extend({
  status: z.enum(reportStatuses).optional(),
  type: z.enum(reportEventTypes).optional(),
  since: given.optional().meta({ description: "Written at or after" }),
  until: given.optional().meta({ description: "Written before" }),
});
export type ReportFilters = Omit<z.output<typeof reportFilters>, "limit" | "cursor"> & {
  /** UUID. */
  notificationId?: string | undefined;
};

/** From when on reports are recovered or replayed, a part at a time. */
export const repeatReportsBody = z
  .strictObject({
    since: given
      .transform((text) => new Date(text))
      .refine((time) => time.getTime() >= Date.now() - maxAgeDays * 24 * 60 * 60 * 1_000, {
        message: `must be at most ${maxAgeDays} days ago`,
      }),
    cursor: z.string().min(1).max(512).optional().meta({ description: "`nextCursor` of the answer before" }),
  })
  .meta({ id: "WebhookRepeat", example: { since: "2030-01-31T09:00:00Z" } });
export type RepeatReportsBody = z.output<typeof repeatReportsBody>;

/** How far repeating came. */
export const publicRepetition = z
  .object({
    reports: z.int().meta({ description: "How many are on their way by this request" }),
    hasMore: z.boolean(),
    nextCursor: z.string().nullable().meta({ description: "Send it with the same `since` to go on; null at the end" }),
  })
  .meta({ id: "WebhookRepetition" });
export type PublicRepetition = z.infer<typeof publicRepetition>;

/** One event for one endpoint, as its tenant sees it. */
export const publicReport = z
  .object({
    id: z
      .string()
      .meta({ description: "The same as in the header webhook-id", example: "rpt_01h455vb4pex5vsknk084sn02q" }),
    endpointId: z.string().meta({ example: "edp_01h455vb4pex5vsknk084sn02q" }),
    type: z.string().meta({ example: "delivery.sent" }),
    notificationId: z.string().nullable().meta({ example: "ntf_01h455vb4pex5vsknk084sn02q" }),
    status: z.enum(reportStatuses),
    attemptCount: z.int(),
    nextAttemptAt: moment.nullable(),
    createdAt: moment,
    settledAt: moment.nullable(),
  })
  .meta({ id: "Report" });
export type PublicReport = z.infer<typeof publicReport>;

/** A report with what is posted, and every try. */
export const publicReportDetail = publicReport
  .extend({
    body: z
      .object({ type: z.string(), timestamp: moment, data: z.record(z.string(), z.unknown()) })
      .meta({ description: "What is posted, byte for byte the same each time once written as JSON" }),
    attempts: z.array(
      z.object({
        number: z.int(),
        outcome: z.string(),
        statusCode: z.int().nullable(),
        response: z.string().nullable().meta({ description: "At most the first 20 KB of what the endpoint answered" }),
        reason: z.string().nullable().meta({ description: "Why it did not count as delivered" }),
        startedAt: moment,
        durationMs: z.int(),
      }),
    ),
  })
  .meta({ id: "ReportDetail" });
export type PublicReportDetail = z.infer<typeof publicReportDetail>;
