import type { Database } from "@tidings/db/client";
import { BatcherFull, createBatcher } from "@tidings/runtime/batcher";
import type { Metrics } from "@tidings/runtime/metrics";
import { newUuid, publicId, uuidTimeMs } from "@tidings/shared/ids";
import { priorityRank } from "@tidings/shared/priorities";
import { Refusal } from "@tidings/shared/refusals";
import type { ReadyNotification } from "../notifications/read-request";
import type { Owner } from "../owner";
import { isDataError, isUnavailable } from "../postgres-errors";
import type { QueueReports } from "../reports/queue-reports";
import { type AcceptedRow, type AcceptGroup, insertAccepted, type StoredAnswer } from "./insert-accepted";
import type { Publish } from "./publish";
import { recipientKeyOf } from "./topics";

export interface AcceptDeps {
  database: Database;
  publish: Publish;
  queueReports: QueueReports;
  metrics: Metrics;
}

/** On whose behalf something is accepted, and how the caller names the request. */
export interface AcceptContext extends Owner {
  requestId: string;
  /** The caller's Idempotency-Key with a hash of what it sent, null without one. */
  idempotency: { key: string; bodyHash: string } | null;
}

/** The answer to one accepted notification. */
export interface AcceptAnswer {
  id: string;
  status: "PENDING" | "SCHEDULED";
  channels: readonly string[];
}

/** One item of a batch: accepted, or why not. */
export type BatchItem = { index: number; notification: ReadyNotification } | { index: number; error: unknown };

/** The answer to one item of a batch. */
export type BatchItemAnswer = ({ index: number } & AcceptAnswer) | { index: number; error: unknown };

/** Waiting requests beyond which accept answers 503: one to two seconds' worth. */
const maxWaiting = 10_000;
/** The same, in bytes of JSON: a process has some 160 MB of memory, and holds each request about three times. */
const maxWaitingBytes = 16_000_000;
/**
 * Longest a request may wait to be written. An id tells when its request came; one that is written much later could stand
 * behind the sweeper's mark, where nobody looks for it.
 */
const maxWaitMs = 5_000;

/**
 * Stage 1. Writes notifications durably: one multi-row statement per flush takes every request that waits. When a call
 * resolves, the rows are committed and their publication has begun.
 */
export function createAccept({ database, publish, queueReports, metrics }: AcceptDeps) {
  async function run(groups: readonly AcceptGroup[]): Promise<readonly (StoredAnswer | Error)[]> {
    const started = performance.now();
    const oldest = Date.now() - maxWaitMs;
    const inTime = groups.filter((group) => group.rows.every((row) => uuidTimeMs(row.id) >= oldest));
    const { answers, inserted, reports } = await insertAccepted(database, inTime);
    metrics.accepted.inc(inserted.length);
    metrics.stageSeconds.observe({ stage: "accept" }, (performance.now() - started) / 1_000);
    void publish(inserted.filter((row) => row.status === "PENDING").map(publishable)); // it never throws
    void queueReports(reports); // nor does it
    const answerOfGroup = new Map(inTime.map((group, index) => [group, answers[index]]));
    return groups.map((group) => answerOfGroup.get(group) ?? new BatcherFull(`waited longer than ${maxWaitMs} ms`));
  }

  const bounds = {
    maxWeight: maxWaitingBytes,
    weigh: ({ rowsJson }: AcceptGroup) => rowsJson.length,
    run,
    isDataError,
  };
  const singles = createBatcher({ maxBatch: 500, concurrency: 3, gapMs: 5, maxWaiting, ...bounds });
  // Batches are large already: few at a time, so that they leave connections to the single requests.
  const batches = createBatcher({ maxBatch: 1, concurrency: 2, maxWaiting: 200, ...bounds });

  async function store(batcher: typeof singles, group: AcceptGroup): Promise<unknown> {
    const stored = await batcher.add(group).catch(refuseOverload);
    if (stored instanceof Error) return refuseOverload(stored);
    if (stored.bodyHash !== null && stored.bodyHash !== group.idempotency?.bodyHash) {
      throw new Refusal("idempotency_mismatch", "This Idempotency-Key was first used with another body.");
    }
    return stored.response;
  }

  return {
    /**
     * Accepts one notification.
     * @throws {Refusal} `overloaded`, `unavailable` or `idempotency_mismatch`
     */
    async accept(context: AcceptContext, notification: ReadyNotification): Promise<AcceptAnswer> {
      const row = rowOf(context, notification, false);
      const group = { ...context, rows: [row], rowsJson: JSON.stringify(row), response: answerOf(row) };
      return (await store(singles, group)) as AcceptAnswer;
    },

    /**
     * Accepts the good items of a batch together; the others keep their refusals.
     * @throws {Refusal} as `accept` does
     */
    async acceptBatch(context: AcceptContext, items: readonly BatchItem[]): Promise<readonly BatchItemAnswer[]> {
      const rows: AcceptedRow[] = [];
      const response = items.map((item) => {
        if ("error" in item) return item;
        const row = rowOf(context, item.notification, true);
        rows.push(row);
        return { index: item.index, ...answerOf(row) };
      });
      const rowsJson = JSON.stringify(rows).slice(1, -1);
      return (await store(batches, { ...context, rows, rowsJson, response })) as readonly BatchItemAnswer[];
    },

    /** Requests that wait to be written. */
    get waiting() {
      return singles.waiting + batches.waiting;
    },
    async drain() {
      await Promise.all([singles.drain(), batches.drain()]);
    },
  };
}

export type Accept = ReturnType<typeof createAccept>;

function rowOf(context: AcceptContext, notification: ReadyNotification, batch: boolean): AcceptedRow {
  const { recipientId, addresses, template, data, content, locale, category, priority, sendAt, channels, resendOf } =
    notification;
  return {
    id: newUuid(),
    tenantId: context.tenantId,
    mode: context.mode,
    status: sendAt ? "SCHEDULED" : "PENDING",
    priority: priorityRank(priority),
    // What comes in bulk or can wait must not stand in front of a one-time password.
    bulk: priority === "low" || (batch && priority === "normal"),
    category,
    templateId: template?.id ?? null,
    templateVersion: template?.version ?? null,
    recipientId,
    addresses,
    channels,
    data,
    locale,
    content,
    requestId: context.requestId,
    idempotencyKey: context.idempotency?.key ?? null,
    sendAt,
    ...(resendOf !== undefined && { resendOf }),
  };
}

function answerOf({ id, status, channels }: AcceptedRow): AcceptAnswer {
  return { id: publicId("notification", id), status, channels };
}

function publishable({ id, tenantId, mode, priority, bulk, recipientId, addresses }: AcceptedRow) {
  return { id, tenantId, mode, priority, bulk, recipientKey: recipientKeyOf(recipientId, addresses) };
}

function refuseOverload(error: unknown): never {
  if (error instanceof BatcherFull) {
    throw new Refusal("overloaded", "Too many requests wait to be written.", { retryAfterSeconds: 1, cause: error });
  }
  if (isUnavailable(error)) {
    throw new Refusal("unavailable", "The database is not available; nothing was accepted.", {
      retryAfterSeconds: 2,
      cause: error,
    });
  }
  throw error;
}
