import { createBatcher } from "../batcher";
import type { PublishMessage } from "./event-log";

/** After a failure everything is refused for so long, instead of each batch finding out by itself. */
const refuseMs = 1_000;

export interface PublisherOptions {
  /** Makes messages durable, within a bounded time. */
  send(messages: readonly PublishMessage[]): Promise<void>;
  /** Whether a failure is the fault of some message and not of the connection. */
  isDataError?(error: unknown): boolean;
}

export interface Publisher {
  publish(messages: readonly PublishMessage[]): Promise<void>;
  drain(): Promise<void>;
}

/**
 * Publishing as both adapters do it: one batch under way at a time, so that a batch sent again can't be overtaken by a
 * later one, and whatever came meanwhile goes along with the next. What may wait is bounded in number and in time.
 */
export function createPublisher({ send, isDataError = () => false }: PublisherOptions): Publisher {
  let outage = { until: 0, error: new Error() };
  const batcher = createBatcher<PublishMessage, null>({
    maxBatch: 1_000,
    concurrency: 1,
    gapMs: 15,
    maxWaiting: 20_000,
    isDataError,
    async run(messages) {
      if (performance.now() < outage.until) throw outage.error;
      try {
        await send(messages);
      } catch (err) {
        if (!isDataError(err)) {
          const error = new Error("the event log can't be reached", { cause: err });
          outage = { until: performance.now() + refuseMs, error };
          throw error;
        }
        throw err;
      }
      return messages.map(() => null);
    },
  });
  return {
    async publish(messages) {
      await Promise.all(messages.map((message) => batcher.add(message)));
    },
    drain: () => batcher.drain(),
  };
}
