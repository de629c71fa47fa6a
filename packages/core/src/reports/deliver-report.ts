import type { GuardedPoster } from "@tidings/channels/providers/guarded-post";
import { signWebhook } from "@tidings/channels/sign-webhook";
import type { Database } from "@tidings/db/client";
import { createBatcher } from "@tidings/runtime/batcher";
import type { Logger } from "@tidings/runtime/logger";
import type { Metrics } from "@tidings/runtime/metrics";
import { publicId } from "@tidings/shared/ids";
import { bodyOf } from "@tidings/shared/report-events";
import { LRUCache } from "lru-cache";
import { endpointField } from "../endpoints/endpoint-secret";
import type { Delivered, DeliverJob } from "../pipeline/deliver";
import { isDataError } from "../postgres-errors";
import type { Sealer } from "../secrets/sealer";
import type { NotifyTeam } from "../tenants/notify-team";
import { whenPostgresIsBack } from "../when-postgres-is-back";
import { type ClaimedReport, claimReports } from "./claim-reports";
import { createEndpointRoom } from "./endpoint-room";
import type { QueueReports } from "./queue-reports";
import { type DisabledEndpoint, type ReportAttempt, recordReportAttempts } from "./record-report-attempts";
import { reportDelayMs } from "./report-delay";

export interface DeliverReportDeps {
  database: Database;
  poster: GuardedPoster;
  sealer: Sealer;
  queueReports: QueueReports;
  notifyTeam: NotifyTeam;
  /** Reports a worker has in hand at most. */
  concurrency: number;
  logger: Logger;
  metrics: Metrics;
}

/** Added to the wait for another worker's lease, so that it has run out when we look. */
const leaseGraceMs = 250;
/** Statements begin at least so far apart, so that a batch is worth one: nobody waits for a report by the millisecond. */
const gapMs = 10;
/** The part of a worker's room that endpoints share which are slow, or have not answered yet. */
const slowShare = 0.25;
const done: Delivered = { kind: "done" };

/**
 * One attempt at one report: signed, posted, recorded. Safe to run twice: whoever loses the claim does nothing. The queue
 * before it knows an endpoint as a tenant, so a job's `tenantId` is an endpoint's id.
 */
export function createDeliverReport(deps: DeliverReportDeps) {
  const { database, poster, sealer, queueReports, notifyTeam, logger, metrics } = deps;
  const room = createEndpointRoom(Math.ceil(deps.concurrency * slowShare));
  const opened = new LRUCache<string, string>({ max: 2_000 });
  const batching = { maxBatch: 200, concurrency: 2, gapMs, maxWaiting: 10_000, isDataError };
  const claims = createBatcher({ ...batching, run: (ids: readonly string[]) => claimReports(database, ids) });
  const records = createBatcher({
    ...batching,
    async run(attempts: readonly ReportAttempt[]) {
      const { disabled, written } = await whenPostgresIsBack(logger, () => recordReportAttempts(database, attempts));
      void queueReports(written); // it never throws
      for (const endpoint of disabled) {
        logger.warn(
          { tenantId: endpoint.tenantId, endpointId: endpoint.id, reason: endpoint.reason },
          "endpoint disabled",
        );
        void tellTeam(endpoint); // it never throws
      }
      return attempts.map(() => undefined);
    },
  });

  /** The endpoint itself can't be told. */
  async function tellTeam({ id, tenantId, url, reason }: DisabledEndpoint): Promise<void> {
    const key = `endpoint ${id} disabled`;
    const subject = "A webhook endpoint was disabled";
    const text = `Tidings sends no more reports to ${url}. ${reason}\n\nWhen it works again, enable it and recover the reports it missed: POST /v1/webhooks/${publicId("endpoint", id)}/recover.`;
    await notifyTeam(tenantId, { key, subject, text }).catch((err: unknown) =>
      logger.error({ err, tenantId, endpointId: id }, "the team could not be told that its endpoint was disabled"),
    );
  }

  function open(sealed: string, report: ClaimedReport, field: "secret" | "previous_secret" | "headers"): string {
    const known = opened.get(sealed);
    if (known !== undefined) return known;
    const text = sealer.open(sealed, endpointField({ tenantId: report.tenantId, id: report.endpointId }, field));
    opened.set(sealed, text);
    return text;
  }

  async function post(report: ClaimedReport, signal: AbortSignal) {
    const body = JSON.stringify(
      bodyOf({ ...report, sequence: BigInt(report.sequence), createdAt: new Date(report.createdAt) }),
    );
    const { sealedSecret, sealedPreviousSecret, sealedHeaders } = report;
    const secrets = [
      open(sealedSecret, report, "secret"),
      ...(sealedPreviousSecret === null ? [] : [open(sealedPreviousSecret, report, "previous_secret")]),
    ];
    const own: Record<string, string> =
      sealedHeaders === null ? {} : JSON.parse(open(sealedHeaders, report, "headers"));
    const id = publicId("report", report.id);
    const timestampSeconds = Math.floor(Date.now() / 1_000);
    const headers = {
      ...own,
      "content-type": "application/json",
      ...signWebhook(secrets, { id, timestampSeconds, body }),
    };
    return await poster.post(report.url, { headers, body, signal });
  }

  async function attempt(report: ClaimedReport, signal: AbortSignal): Promise<ReportAttempt> {
    const startedAt = new Date();
    const started = performance.now();
    const answer = await post(report, signal).catch((err: unknown) => {
      logger.error({ err, reportId: report.id, tenantId: report.tenantId }, "report threw: a bug");
      return { outcome: { kind: "deferred" as const, reason: "internal error" } };
    });
    const timing = { report, startedAt, durationMs: performance.now() - started };
    if ("outcome" in answer) {
      const { outcome } = answer;
      const reason = "reason" in outcome ? outcome.reason : null;
      return { ...timing, ...failure(report, undefined), statusCode: null, response: null, reason, isGone: false };
    }
    const { status, text, reason, retryAfterMs } = answer;
    const told = { ...timing, statusCode: status, response: text };
    if (status >= 200 && status < 300)
      return { ...told, outcome: "delivered", reason: null, retryInMs: null, isGone: false };
    if (status === 410) return { ...told, outcome: "failed", reason, retryInMs: null, isGone: true };
    const askedMs = status === 429 || status === 503 ? retryAfterMs : undefined;
    return { ...told, ...failure(report, askedMs), reason, isGone: false };
  }

  return {
    async deliver({ id, tenantId: endpointId }: DeliverJob, signal: AbortSignal): Promise<Delivered> {
      const stay = room.enter(endpointId);
      if ("comeBackMs" in stay) return { kind: "later", delayMs: stay.comeBackMs };
      const claim = await claims.add(id).catch((err: unknown) => {
        stay.leave();
        throw err;
      });
      if (!claim || "busyForMs" in claim) {
        stay.leave();
        return claim ? { kind: "later", delayMs: claim.busyForMs + leaseGraceMs } : done;
      }
      stay.begin();
      const attempted = await attempt(claim.report, signal);
      stay.leave();
      metrics.reportAttempted.inc({ outcome: attempted.outcome });
      await records.add(attempted);
      return attempted.retryInMs === null ? done : { kind: "later", delayMs: attempted.retryInMs };
    },
    drain: () => Promise.all([claims.drain(), records.drain()]),
  };
}

function failure(
  { attempt }: ClaimedReport,
  askedMs: number | undefined,
): Pick<ReportAttempt, "outcome" | "retryInMs"> {
  const retryInMs = reportDelayMs(attempt, askedMs);
  return { outcome: retryInMs === null ? "failed" : "deferred", retryInMs };
}
