import { Queue } from "bullmq";
import { channelTag, type Group } from "./fair-queue";
import type { Redis } from "./redis";

/** What a job of a delivery queue carries: a group of deliveries, whose token is the job's id. */
export interface DeliveryJob {
  priority: number;
  /** Id, tenant, and the sender where it has limits of its own. */
  entries: [id: string, tenantId: string, sender?: string][];
}

/** Name of the one BullMQ queue behind each channel's hash tag. */
export const deliveryQueueName = "deliver";

/** The BullMQ queue of a channel: workers take their jobs here. It holds only about what they have room for. */
export interface DeliveryQueue {
  /** Hands groups to the workers, critical ones in front. */
  add(groups: readonly Group[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Runs of one job after which BullMQ gives up: it fails only while Postgres or Redis is away, and by then its deliveries
 * were given back to the fair queue.
 */
const maxRuns = 1_000;
/** Wait before a job that failed runs again. */
const afterErrorMs = 2_000;

export function createDeliveryQueue(redis: Redis, namespace: string, channel: string): DeliveryQueue {
  const queue = new Queue<DeliveryJob>(deliveryQueueName, {
    connection: redis,
    prefix: channelTag(namespace, channel),
    defaultJobOptions: {
      attempts: maxRuns,
      backoff: { type: "fixed", delay: afterErrorMs },
      removeOnComplete: true, // Postgres keeps the record
      removeOnFail: true,
    },
  });
  // BullMQ repeats connection errors here; the connection's own listener has reported them.
  queue.on("error", () => {});
  return {
    async add(groups) {
      await queue.addBulk(
        groups.map(({ token, priority, entries }) => ({
          name: "deliver",
          data: {
            priority,
            entries: entries.map(({ id, tenantId, sender }) => (sender ? [id, tenantId, sender] : [id, tenantId])),
          },
          opts: priority === 0 ? { jobId: token, lifo: true } : { jobId: token },
        })),
      );
    },

    async close() {
      await queue.close();
    },
  };
}
