import { type Batcher, createBatcher } from "../batcher";
import type { PublishMessage } from "./event-log";

/** After a failure everything is refused for so long, instead of each batch finding out by itself. */
const refuseMs = 1_000;

export interface PublisherOptions {
  /** Makes messages of one topic durable, within a bounded time. */
  send(topic: string, messages: readonly PublishMessage[]): Promise<void>;
  /** Whether a failure is the fault of some message and not of the connection. */
  isDataError?(error: unknown): boolean;
}

export interface Publisher {
  publish(messages: readonly PublishMessage[]): Promise<void>;
  drain(): Promise<void>;
}

/**
 * Publishing as both adapters do it: of each topic one batch is under way at a time, so that a batch sent again can't be
 * overtaken by a later one, and whatever came meanwhile goes along with the next. What may wait is bounded in number and
 * in time. Topics don't wait for each other.
 */
export function createPublisher({ send, isDataError = () => false }: PublisherOptions): Publisher {
  const lines = new Map<string, Batcher<PublishMessage, null>>();

  function lineOf(topic: string): Batcher<PublishMessage, null> {
    const known = lines.get(topic);
    if (known) return known;
    let outage = { until: 0, error: new Error() };

    async function sendUnlessAway(messages: readonly PublishMessage[]): Promise<null[]> {
      if (performance.now() < outage.until) throw outage.error;
      try {
        await send(topic, messages);
      } catch (err) {
        if (isDataError(err)) throw err;
        const error = new Error("the event log can't be reached", { cause: err });
        outage = { until: performance.now() + refuseMs, error };
        throw error;
      }
      return messages.map(() => null);
    }

    const line = createBatcher<PublishMessage, null>({
      maxBatch: 1_000,
      concurrency: 1,
      gapMs: 15,
      maxWaiting: 20_000,
      isDataError,
      run: sendUnlessAway,
    });
    lines.set(topic, line);
    return line;
  }

  return {
    async publish(messages) {
      await Promise.all(messages.map((message) => lineOf(message.topic).add(message)));
    },
    async drain() {
      await Promise.all([...lines.values()].map((line) => line.drain()));
    },
  };
}
