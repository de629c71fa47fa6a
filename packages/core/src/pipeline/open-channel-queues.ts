import { createDeliveryQueue } from "@tidings/runtime/delivery-queue";
import { createFairQueue } from "@tidings/runtime/fair-queue";
import type { Redis } from "@tidings/runtime/redis";
import { workerCapacity } from "@tidings/runtime/worker-capacity";
import type { ChannelQueues } from "./enqueue";

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
      },
    ]),
  );
}
