import { Queue } from "bullmq";
import { channelTag } from "./fair-queue";
import type { Redis } from "./redis";

/** What a job of a delivery queue carries; its id is the delivery's UUID. */
export interface DeliveryJob {
  tenantId: string;
}

/** Name of the one BullMQ queue behind each channel's hash tag. */
export const deliveryQueueName = "deliver";

/** The BullMQ queue of a channel: workers take their jobs here. It holds only about what they have room for. */
export interface DeliveryQueue {
  /** Hands admitted deliveries to the workers, critical ones in front. A delivery that has a job already is left alone. */
  add(entries: readonly { id: string; tenantId: string; priority: number }[]): Promise<void>;
  /** Jobs that a worker has, or that one may take at once. */
  inHand(): Promise<number>;
  /** Which of these deliveries have no job, neither ready nor delayed nor in work. */
  withoutJob(ids: readonly string[]): Promise<Set<string>>;
  close(): Promise<void>;
}

/**
 * Runs of one job after which BullMQ gives up. Postgres counts the attempts and ends them; this only has to be more than
 * any channel allows, lost leases and restarts of Postgres included.
 */
const maxRuns = 1_000;

export function createDeliveryQueue(redis: Redis, namespace: string, channel: string): DeliveryQueue {
  const prefix = channelTag(namespace, channel);
  const queue = new Queue<DeliveryJob>(deliveryQueueName, {
    connection: redis,
    prefix,
    defaultJobOptions: {
      attempts: maxRuns,
      backoff: { type: "custom" },
      removeOnComplete: true, // Postgres keeps the record
      removeOnFail: true,
    },
  });
  // BullMQ repeats connection errors here; the connection's own listener has reported them.
  queue.on("error", () => {});
  return {
    async add(entries) {
      await queue.addBulk(
        entries.map(({ id, tenantId, priority }) => ({
          name: "deliver",
          data: { tenantId },
          opts: priority === 0 ? { jobId: id, lifo: true } : { jobId: id },
        })),
      );
    },

    async inHand() {
      const counts = await queue.getJobCounts("waiting", "active");
      return (counts.waiting ?? 0) + (counts.active ?? 0);
    },

    async withoutJob(ids) {
      const present = await Promise.all(ids.map((id) => redis.exists(`${prefix}:${deliveryQueueName}:${id}`)));
      return new Set(ids.filter((_, index) => present[index] === 0));
    },

    async close() {
      await queue.close();
    },
  };
}
