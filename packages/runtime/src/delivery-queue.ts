import { Queue } from "bullmq";
import { channelTag, type Group } from "./fair-queue";
import type { Redis } from "./redis";

/** What a job of a delivery queue carries: a group of deliveries, whose token is the job's id. */
export interface DeliveryJob {
  priority: number;
  /** Id, tenant, and the sender where it has limits of its own. */
  entries: [id: string, tenantId: string, sender?: string][];
}

/** Names of the BullMQ queues behind each channel's hash tag, by the lane they serve. */
export const deliveryQueueNames = { urgent: "urgent", others: "deliver" } as const;

/** The BullMQ queues of a channel: workers take their jobs here. They hold only about what workers have room for. */
export interface DeliveryQueue {
  /** Hands groups to the workers, critical ones in their own queue. */
  add(groups: readonly Group[]): Promise<void>;
  close(): Promise<void>;
}

export function createDeliveryQueue(redis: Redis, namespace: string, channel: string): DeliveryQueue {
  const open = (name: string) => {
    const queue = new Queue<DeliveryJob>(name, {
      connection: redis,
      prefix: channelTag(namespace, channel),
      // Postgres keeps the record. A job runs once: what needs another attempt waits in the fair queue.
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
    });
    // BullMQ repeats connection errors here; the connection's own listener has reported them.
    queue.on("error", () => {});
    return queue;
  };
  const [urgent, others] = [open(deliveryQueueNames.urgent), open(deliveryQueueNames.others)];
  return {
    async add(groups) {
      const critical = groups.filter(({ priority }) => priority === 0);
      const rest = groups.filter(({ priority }) => priority !== 0);
      await Promise.all([
        critical.length > 0 && urgent.addBulk(critical.map(jobOf)),
        rest.length > 0 && others.addBulk(rest.map(jobOf)),
      ]);
    },

    async close() {
      await Promise.all([urgent.close(), others.close()]);
    },
  };
}

function jobOf({ token, priority, entries }: Group) {
  const data: DeliveryJob = {
    priority,
    entries: entries.map(({ id, tenantId, sender }) => (sender ? [id, tenantId, sender] : [id, tenantId])),
  };
  return { name: "deliver", data, opts: { jobId: token } };
}
