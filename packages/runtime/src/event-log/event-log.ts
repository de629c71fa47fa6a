/** A message to publish. Messages of one topic with the same key are received in the order they were published. */
export interface PublishMessage {
  topic: string;
  key: string;
  value: string;
}

/** A message as it was stored, however unreadable its value. */
export interface ReceivedMessage {
  topic: string;
  partition: number;
  /** Position within the partition, as the event log spells it (a Kafka offset, a Redis stream id). */
  offset: string;
  key: string;
  value: Buffer;
}

/**
 * Handles messages of one partition, in order. Resolving commits them; throwing has the whole batch delivered again, after a pause.
 * `signal` aborts when the partition was taken away or the consumer stops: what is unfinished then comes again elsewhere.
 */
export type HandleBatch = (messages: readonly ReceivedMessage[], signal: AbortSignal) => Promise<void>;

export interface ConsumeOptions {
  /** Consumers of one group share the partitions among them. */
  group: string;
  topics: readonly string[];
  /** Most messages in one batch. */
  maxBatch: number;
  handleBatch: HandleBatch;
}

export interface EventConsumer {
  /** Messages published and not yet committed by the group, by topic. */
  lag(): Promise<Record<string, number>>;
  /** Finishes the batch in hand, commits it, leaves the group. */
  stop(): Promise<void>;
}

/**
 * The durable log between accept and route: ordered per key, delivered at least once.
 * Two adapters keep the same contract, `kafka` and `redis`.
 */
export interface EventLog {
  readonly kind: "kafka" | "redis";
  /** Creates what is missing, topics and partitions; safe to call from many processes at once. Never takes a partition away. */
  ensureTopics(topics: readonly { name: string; partitions: number }[]): Promise<void>;
  /**
   * Resolves once every message is durable.
   * @throws {Error} when the log can't be reached, after some ten seconds at most; some of the batch may have been stored then
   */
  publish(messages: readonly PublishMessage[]): Promise<void>;
  /**
   * Consumes until stopped, whatever the log goes through. A new group begins with the oldest message.
   * Resolves when the first try to join the group has ended, well or not: what failed is tried again and again.
   */
  consume(options: ConsumeOptions): Promise<EventConsumer>;
  /**
   * Makes a group start again from `offset` of a partition: replay.
   * @throws {Error} when the group is running
   */
  rewind(position: { group: string; topic: string; partition: number; offset: string }): Promise<void>;
  /**
   * Messages published and not yet committed by a group, by topic: all of them where it never consumed.
   * @throws {Error} when the log can't be reached
   */
  lag(options: { group: string; topics: readonly string[] }): Promise<Record<string, number>>;
  /** @throws {Error} when the log can't be reached */
  ping(): Promise<void>;
  close(): Promise<void>;
}
