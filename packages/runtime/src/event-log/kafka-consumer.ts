import type { EachBatchPayload, Kafka, KafkaMessage } from "kafkajs";
import type { Logger } from "../logger";
import { backoffMs } from "./backoff";
import { createDoorbell } from "./doorbell";
import type { ConsumeOptions, ReceivedMessage } from "./event-log";

/** A member that says nothing for so long has left: how soon another takes over after a crash. */
const sessionTimeoutMs = 10_000;
const heartbeatMs = 1_000;
/** How long a batch in hand may hold up the others of its group. */
const rebalanceTimeoutMs = 30_000;
/** Brokers answer a fetch at the first message; this is how long they wait when there is none. */
const idleFetchMs = 100;
const partitionsAtOnce = 4;
/** A session that lasted so long was a good one: the next crash starts from the shortest pause. */
const goodSessionMs = 30_000;

export interface KafkaConsumerOptions extends ConsumeOptions {
  kafka: Kafka;
  metadataMaxAge: number;
  logger: Logger;
}

/**
 * Consumes until `stop`, whatever happens: a consumer that crashes is replaced by a new one after a pause.
 * Resolves once the group is joined, or joining has failed for the first time and is being repeated.
 */
export async function consumeKafka(options: KafkaConsumerOptions): Promise<{ stop(): Promise<void> }> {
  const { kafka, group, topics, metadataMaxAge, logger } = options;
  const wake = createDoorbell();
  const inHand = new Set<AbortController>();
  const resumptions = new Set<NodeJS.Timeout>();
  let stopping = false;
  let settleFirst = (): void => undefined;
  const first = new Promise<void>((resolve) => {
    settleFirst = resolve;
  });

  async function run(): Promise<void> {
    for (let failures = 1; !stopping; failures++) {
      const startedAt = performance.now();
      try {
        await runSession();
      } catch (err) {
        if (performance.now() - startedAt > goodSessionMs) failures = 1;
        const pauseMs = backoffMs(failures);
        logger.warn({ err, group, pauseMs }, "kafka consumer crashed and is restarted");
        settleFirst();
        await wake.wait(pauseMs);
      }
    }
  }

  /** The life of one kafkajs consumer. @throws {Error} when it crashed */
  async function runSession(): Promise<void> {
    const consumer = kafka.consumer({
      groupId: group,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: rebalanceTimeoutMs,
      heartbeatInterval: heartbeatMs,
      maxWaitTimeInMs: idleFetchMs,
      metadataMaxAge,
      allowAutoTopicCreation: false,
      // Restarting is ours: kafkajs itself does it for some errors only, and not once it was told to stop.
      retry: { retries: 4, restartOnFailure: async () => false },
    });
    let crash: Error | undefined;
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      crash = payload.error;
      wake.ring();
    });
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: partitionsAtOnce,
        eachBatch,
      });
      if (!crash) settleFirst();
      while (!stopping && !crash) await wake.wait(60_000);
    } finally {
      await consumer.disconnect();
    }
    if (crash) throw crash;
  }

  const failuresOf = new Map<string, number>();

  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    const { topic, partition, messages } = payload.batch;
    const id = `${topic}/${partition}`;
    const lost = new AbortController();
    const beating = keepSession(payload, lost);
    inHand.add(lost);
    if (stopping) lost.abort();
    try {
      for (let from = 0; from < messages.length; from += options.maxBatch) {
        if (!payload.isRunning() || payload.isStale() || lost.signal.aborted) return;
        const batch = messages.slice(from, from + options.maxBatch);
        try {
          await options.handleBatch(batch.map(received(topic, partition)), lost.signal);
        } catch (err) {
          if (!lost.signal.aborted) handleAgain(payload, id, err);
          return;
        }
        failuresOf.delete(id);
        await commit(payload, batch);
        await payload.heartbeat(); // throws when the group rebalances: kafkajs then joins again
      }
    } finally {
      clearInterval(beating);
      inHand.delete(lost);
    }
  }

  /** Leaves the partition alone for a while; the others go on. What was not resolved is then fetched again. */
  function handleAgain({ batch, pause }: EachBatchPayload, id: string, err: unknown): void {
    const failures = (failuresOf.get(id) ?? 0) + 1;
    failuresOf.set(id, failures);
    const pauseMs = backoffMs(failures);
    const { topic, partition } = batch;
    logger.error({ err, group, topic, partition, failures, pauseMs }, "batch failed and is handled again");
    const resume = pause();
    const resumption = setTimeout(() => {
      resumptions.delete(resumption);
      resume();
    }, pauseMs);
    resumptions.add(resumption);
  }

  const running = run();
  await first;
  return {
    async stop() {
      stopping = true;
      for (const lost of inHand) lost.abort();
      wake.ring();
      await running;
      for (const resumption of resumptions) clearTimeout(resumption);
    },
  };
}

/** Keeps the member alive while a batch is handled; aborts `lost` when the group goes on without it. */
function keepSession({ heartbeat }: EachBatchPayload, lost: AbortController): NodeJS.Timeout {
  let heardAt = performance.now();
  return setInterval(async () => {
    try {
      await heartbeat();
      heardAt = performance.now();
    } catch (err) {
      const type = err instanceof Error && "type" in err ? err.type : undefined;
      // A rebalance waits for the batch in hand. Only when it has waited too long the member is unknown.
      if (type === "REBALANCE_IN_PROGRESS") heardAt = performance.now();
      const isForgotten = type === "UNKNOWN_MEMBER_ID" || type === "ILLEGAL_GENERATION";
      if (isForgotten || performance.now() - heardAt > sessionTimeoutMs) lost.abort(err);
    }
  }, heartbeatMs);
}

/** @throws {Error} when the partition is no longer ours: its messages come again wherever it went */
async function commit(payload: EachBatchPayload, handled: readonly KafkaMessage[]): Promise<void> {
  const { topic, partition } = payload.batch;
  const last = handled.at(-1);
  if (!last) return;
  payload.resolveOffset(last.offset);
  const offset = String(BigInt(last.offset) + 1n);
  await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
}

function received(topic: string, partition: number) {
  return ({ offset, key, value }: KafkaMessage): ReceivedMessage => ({
    topic,
    partition,
    offset,
    key: key?.toString() ?? "",
    value: value ?? Buffer.alloc(0),
  });
}
