import type { Deliver, Delivered, DeliverJob } from "@tidings/core/pipeline/deliver";
import { type DeliveryJob, deliveryQueueNames } from "@tidings/runtime/delivery-queue";
import { channelTag, type FairQueue, type Lanes, type LaterEntry } from "@tidings/runtime/fair-queue";
import type { Logger } from "@tidings/runtime/logger";
import type { Redis } from "@tidings/runtime/redis";
import { withDeadline } from "@tidings/runtime/with-deadline";
import { type Job, UnrecoverableError, Worker } from "bullmq";

/** Longest a group's attempts may take: well within the lease of its claims. */
const attemptTimeoutMs = 20_000;
/** How often room is given back while a group is under way. */
const releaseEveryMs = 500;
/** Wait before a delivery is tried again that could not be attempted. */
const afterErrorMs = 2_000;

export interface DeliveryWorkerOptions {
  channel: string;
  lane: keyof Lanes;
  namespace: string;
  redis: Redis;
  fair: FairQueue;
  concurrency: number;
  deliver: Pick<Deliver, "deliver">;
  /** Aborts what is still being sent when the process has no more time. */
  signal: AbortSignal;
  logger: Logger;
}

/**
 * The edge between a BullMQ queue of a channel and `deliver`: it takes groups, has each delivery attempted, and tells the
 * fair queue that the group is done and which of it need another attempt. Those that could not even be attempted, because
 * Postgres is away, are among them: what is in hand stays bounded however long that lasts.
 * @returns takes no more jobs and waits for those in hand
 */
export function startDeliveryWorker(options: DeliveryWorkerOptions): () => Promise<void> {
  const { channel, lane, namespace, redis, fair, concurrency, deliver, signal, logger } = options;

  async function attempt(job: DeliverJob, limit: AbortSignal): Promise<Delivered> {
    try {
      return await deliver.deliver(job, limit);
    } catch (err) {
      logger.warn({ err, deliveryId: job.id, channel }, "attempt could not be made; trying again");
      return { kind: "later", delayMs: afterErrorMs };
    }
  }

  async function run(job: Job<DeliveryJob>): Promise<void> {
    const { id: token, data } = job;
    if (!token) throw new UnrecoverableError("a job without an id is no group of the fair queue");
    const { priority } = data;
    const later: (LaterEntry & { since: number })[] = [];
    // A sender's rate counts units, and how many a message has is known when it was sent: admission took one for each.
    const owing = new Map<string, number>();
    let [done, released] = [0, 0];
    // One that takes long must not hold up the room of the others, which may be for somebody else.
    const releasing = setInterval(() => {
      const count = done - released;
      released = done;
      if (count > 0)
        fair.release(token, count).catch((err: unknown) => logger.warn({ err, channel }, "room not released"));
    }, releaseEveryMs);
    await withDeadline(attemptTimeoutMs, signal, (limit) =>
      Promise.all(
        data.entries.map(async ([id, tenantId, sender]) => {
          const delivered = await attempt({ id, tenantId, priority }, limit);
          done += 1;
          if (delivered.kind === "later") {
            const entry = { id, tenantId, priority, sender };
            later.push({ entry, delayMs: delivered.delayMs, since: performance.now() });
          } else if (sender !== undefined && delivered.units !== undefined && delivered.units > 1) {
            owing.set(sender, (owing.get(sender) ?? 0) + delivered.units - 1);
          }
        }),
      ),
    ).finally(() => clearInterval(releasing));
    const now = performance.now();
    await fair.finish(
      token,
      later.map(({ entry, delayMs, since }) => ({ entry, delayMs: Math.max(0, delayMs - (now - since)) })),
      owing,
    );
  }

  const worker = new Worker<DeliveryJob>(deliveryQueueNames[lane], run, {
    connection: redis,
    prefix: channelTag(namespace, channel),
    concurrency,
    // A worker that is gone gives its jobs back after this; the claim decides whether they may run.
    lockDuration: 15_000,
    stalledInterval: 5_000,
    maxStalledCount: 1_000,
  });
  worker.on("failed", (job, err) =>
    logger.error({ err, job: job?.id, channel }, "group failed; it is put back when its lease is over"),
  );
  worker.on("error", (err) => logger.warn({ err, channel }, "queue connection"));
  return () => worker.close();
}
