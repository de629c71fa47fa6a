import { channels } from "@tidings/channels/registry";
import { createFairQueue, type Lanes } from "@tidings/runtime/fair-queue";
import type { Redis } from "@tidings/runtime/redis";
import { workerCapacity } from "@tidings/runtime/worker-capacity";
import { type Priority, priorities } from "@tidings/shared/priorities";
import { reportQueue } from "../reports/queue-reports";

/** What waits before the workers of a channel, and what they have in hand. */
export interface QueueState {
  /** A channel's id, or `reports`. */
  name: string;
  /** Deliveries in line. */
  waiting: Record<Priority, number>;
  /** Deliveries that wait for another attempt. */
  later: number;
  /** When what waits longest was accepted; null when nothing is in line. */
  oldestAt: string | null;
  /** Deliveries with workers, by lane. */
  inHand: Lanes;
  /** Deliveries that all workers together can have in hand, by lane. */
  capacity: Lanes;
}

/** The queue of every channel, and that of reports. @throws when Redis is away */
export function describeQueues({ redis, namespace }: { redis: Redis; namespace: string }): Promise<QueueState[]> {
  return Promise.all([...channels.keys(), reportQueue].map(describe));

  async function describe(name: string): Promise<QueueState> {
    const fair = createFairQueue(redis, namespace, name);
    const [lines, inHand, capacity] = await Promise.all([
      fair.lines(),
      fair.inHand(),
      workerCapacity(redis, namespace, name),
    ]);
    const waiting = Object.fromEntries(
      priorities.map((priority, rank) => [priority, lines.classes[rank]?.waiting ?? 0]),
    );
    const heads = lines.classes.flatMap(({ oldestMs }) => oldestMs ?? []);
    return {
      name,
      waiting: waiting as Record<Priority, number>,
      later: lines.later,
      oldestAt: heads.length > 0 ? new Date(Math.min(...heads)).toISOString() : null,
      inHand,
      capacity,
    };
  }
}
