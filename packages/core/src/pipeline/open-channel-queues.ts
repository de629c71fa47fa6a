import { createDeliveryQueue } from "@tidings/runtime/delivery-queue";
import { createFairQueue } from "@tidings/runtime/fair-queue";
import type { Redis } from "@tidings/runtime/redis";
import { workerCapacity } from "@tidings/runtime/worker-capacity";
import { reportQueue } from "../reports/queue-reports";
import type { ChannelQueues } from "./enqueue";

/** Deliveries are pushed by the process that admits them, which wakes it; reports by whoever brings something about. */
const idleMs = { pushedHere: 250, pushedElsewhere: 20 };

/** The fair queue and the BullMQ queues of each channel. */
export function openChannelQueues(
  redis: Redis,
  namespace: string,
  channels: readonly string[],
): ReadonlyMap<string, ChannelQueues> {
  return new Map(
    channels.map((channel) => [
      channel,
      {
        fair: createFairQueue(redis, namespace, channel),
        deliveries: createDeliveryQueue(redis, namespace, channel),
        capacity: () => workerCapacity(redis, namespace, channel),
        idleMs: channel === reportQueue ? idleMs.pushedElsewhere : idleMs.pushedHere,
      },
    ]),
  );
}
