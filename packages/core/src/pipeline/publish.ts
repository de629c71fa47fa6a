import type { EventLog, PublishMessage } from "@tidings/runtime/event-log/event-log";
import type { Logger } from "@tidings/runtime/logger";
import type { Metrics } from "@tidings/runtime/metrics";
import { messageKey, type NotificationMessage, type Publishable, topicsOf } from "./topics";

export interface PublishDeps {
  eventLog: EventLog;
  namespace: string;
  logger: Logger;
  metrics: Metrics;
}

/** Batches on their way at once. Beyond, rows wait for the sweeper: memory stays bounded while the event log is away. */
const maxInFlight = 16;

/**
 * Stage 2. Tells the consumers of notifications that are durably PENDING.
 * @returns a function that publishes one batch; `false` when it could not, in which case the rows stay PENDING and the
 * sweeper publishes them later. It never throws: the row is the outbox, nothing is lost here.
 */
export function createPublish({ eventLog, namespace, logger, metrics }: PublishDeps) {
  const topics = topicsOf(namespace);
  let inFlight = 0;

  function messageOf({ id, tenantId, mode, priority, bulk, recipientKey }: Publishable): PublishMessage {
    const message: NotificationMessage = { id, tenantId, mode, priority };
    return {
      topic: bulk ? topics.bulk : topics.direct,
      key: messageKey(tenantId, recipientKey),
      value: JSON.stringify(message),
    };
  }

  return async function publish(batch: readonly Publishable[]): Promise<boolean> {
    if (batch.length === 0) return true;
    if (inFlight >= maxInFlight) return false;
    inFlight += 1;
    const started = performance.now();
    try {
      await eventLog.publish(batch.map(messageOf));
      metrics.published.inc(batch.length);
      metrics.stageSeconds.observe({ stage: "publish" }, (performance.now() - started) / 1_000);
      return true;
    } catch (err) {
      logger.warn({ err, notifications: batch.length }, "publish failed; the sweeper will publish these");
      return false;
    } finally {
      inFlight -= 1;
    }
  };
}

export type Publish = ReturnType<typeof createPublish>;
