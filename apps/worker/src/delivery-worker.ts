import type { Deliver } from "@tidings/core/pipeline/deliver";
import { type DeliveryJob, deliveryQueueName } from "@tidings/runtime/delivery-queue";
import { channelTag } from "@tidings/runtime/fair-queue";
import type { Logger } from "@tidings/runtime/logger";
import type { Redis } from "@tidings/runtime/redis";
import { type Job, UnrecoverableError, Worker } from "bullmq";

/** How a processor tells BullMQ to run its job again after a while. */
class RunLater extends Error {
  override readonly name = "RunLater";
  constructor(readonly delayMs: number) {
    super(`again in ${delayMs} ms`);
    this.stack = ""; // BullMQ stores stacks; this is no error
  }
}

/** Wait after a bug or an outage in the processor itself. */
const afterErrorMs = 2_000;

export interface DeliveryWorkerOptions {
  channel: string;
  namespace: string;
  redis: Redis;
  concurrency: number;
  deliver: Deliver;
  /** Aborts what is still being sent when the process has no more time. */
  signal: AbortSignal;
  logger: Logger;
}

/**
 * The edge between a channel's BullMQ queue and `deliver`: it takes jobs, and spells "later" the way BullMQ does.
 * @returns takes no more jobs and waits for those in hand
 */
export function startDeliveryWorker(options: DeliveryWorkerOptions): () => Promise<void> {
  const { channel, namespace, redis, concurrency, deliver, signal, logger } = options;

  async function run(job: Job<DeliveryJob>): Promise<void> {
    if (!job.id) throw new UnrecoverableError("a job without an id names no delivery");
    const outcome = await deliver.deliver({ id: job.id, tenantId: job.data.tenantId }, signal);
    if (outcome.kind === "later") throw new RunLater(outcome.delayMs);
  }

  const worker = new Worker<DeliveryJob>(deliveryQueueName, run, {
    connection: redis,
    prefix: channelTag(namespace, channel),
    concurrency,
    // A worker that is gone gives its jobs back after this; the claim decides whether they may run.
    lockDuration: 30_000,
    stalledInterval: 15_000,
    maxStalledCount: 1_000,
    settings: {
      backoffStrategy: (_attempts, _type, error) => (error instanceof RunLater ? error.delayMs : afterErrorMs),
    },
  });
  worker.on("failed", (job, err) => {
    if (!(err instanceof RunLater)) logger.error({ err, deliveryId: job?.id, channel }, "delivery job failed");
  });
  worker.on("error", (err) => logger.warn({ err, channel }, "queue connection"));
  return () => worker.close();
}
