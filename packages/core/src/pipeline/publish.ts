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

/** Batches of a topic on their way at once. Beyond, rows wait for the sweeper: memory stays bounded while the event log is away. */
const maxInFlight = 16;

/**
 * Stage 2. Tells the consumers of notifications that are durably PENDING.
 * @returns a function that publishes one batch; `false` when it could not, in which case the rows stay PENDING and the
 * sweeper publishes them later. It never throws: the row is the outbox, nothing is lost here.
 */
export function createPublish({ eventLog, namespace, logger, metrics }: PublishDeps) {
  const topics = topicsOf(namespace);
  // Each has room of its own: bulk that fills its own, while the event log is slow, leaves that of a one-time password.
  const direct = { topic: topics.direct, inFlight: 0 };
  const bulk = { topic: topics.bulk, inFlight: 0 };

  function messageOf(topic: string, { id, tenantId, mode, priority, recipientKey }: Publishable): PublishMessage {
    const message: NotificationMessage = { id, tenantId, mode, priority };
    return { topic, key: messageKey(tenantId, recipientKey), value: JSON.stringify(message) };
  }

  async function publishTo(lane: typeof direct, batch: readonly Publishable[]): Promise<boolean> {
    if (batch.length === 0) return true;
    if (lane.inFlight >= maxInFlight) return false;
    lane.inFlight += 1;
    const { topic } = lane;
    const started = performance.now();
    try {
      await eventLog.publish(batch.map((one) => messageOf(topic, one)));
      metrics.published.inc(batch.length);
      metrics.stageSeconds.observe({ stage: "publish" }, (performance.now() - started) / 1_000);
      return true;
    } catch (err) {
      logger.warn({ err, topic, notifications: batch.length }, "publish failed; the sweeper will publish these");
      return false;
    } finally {
      lane.inFlight -= 1;
    }
  }

  return async function publish(batch: readonly Publishable[]): Promise<boolean> {
    const published = await Promise.all([
      publishTo(
        direct,
        batch.filter((one) => !one.bulk),
      ),
      publishTo(
        bulk,
        batch.filter((one) => one.bulk),
      ),
    ]);
    return published.every(Boolean);
  };
}

export type Publish = ReturnType<typeof createPublish>;
