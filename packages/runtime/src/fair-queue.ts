import { randomUUID } from "node:crypto";
import { groupBy } from "@tidings/shared/group-by";
import { priorities } from "@tidings/shared/priorities";
import {
  admitScript,
  confirmScript,
  outlookScript,
  pushScript,
  reclaimScript,
  waitingScript,
} from "./fair-queue-scripts";
import type { Redis } from "./redis";

/** One delivery on its way through the fair queue. */
export interface QueueEntry {
  /** UUID of the delivery. */
  id: string;
  tenantId: string;
  /** Position in `priorities`: 0 is critical. */
  priority: number;
  /** Whoever sends, when it has a limit of its own over all tenants. */
  sender?: string | undefined;
}

/** How fast an owner may send: deliveries a second, and how many at once after a pause. */
export interface Rate {
  perSecond: number;
  burst: number;
}

/** Deliveries that were admitted, leased until they are confirmed. */
export interface Admission {
  token: string;
  entries: readonly { id: string; tenantId: string; priority: number }[];
}

/**
 * What stands before a channel's BullMQ queue: it admits deliveries fairly among tenants, by class and within limits.
 * A tenant with a million waiting costs the others one entry. Holds 16 bytes a delivery.
 */
export interface FairQueue {
  push(entries: readonly QueueEntry[]): Promise<void>;
  /** Takes up to `want` deliveries out, leased for `leaseMs`. */
  admit(want: number, leaseMs: number): Promise<Admission>;
  /** The admission has arrived in BullMQ: forget its lease. */
  confirm(token: string): Promise<void>;
  /** Puts back what was admitted and never confirmed. @returns how many deliveries */
  reclaim(): Promise<number>;
  /** Whether anything waits, and how many milliseconds until some of it may be admitted. */
  outlook(): Promise<{ waiting: boolean; readyInMs: number }>;
  /** Deliveries that wait, of all tenants. */
  waiting(): Promise<number>;
  /** Sets or lifts (null) the limit of a tenant or a sender on this channel. */
  setRate(owner: { tenantId: string } | { sender: string }, rate: Rate | null): Promise<void>;
  /** Deliveries of one tenant that wait, by one sender where it has limits of its own. */
  depth(tenantId: string, sender?: string): Promise<number>;
  /**
   * Which of these deliveries, all of one tenant and sender, do not wait here. Null when the line is too long to look
   * through: then it is worth waiting until it is shorter.
   */
  absent(entries: readonly QueueEntry[]): Promise<QueueEntry[] | null>;
}

/** Most ids in one call of a script: well under what Lua can unpack. */
const maxPerCall = 1_000;
/** Longest line that `absent` reads: 160 KB. */
const maxSearched = 10_000;

/** The hash tag that keeps a channel's fair queue and BullMQ queue in one slot of a Redis Cluster. */
export function channelTag(namespace: string, channel: string): string {
  return `{${namespace}:${channel}}`;
}

export function createFairQueue(redis: Redis, namespace: string, channel: string): FairQueue {
  const key = `${channelTag(namespace, channel)}:fair`;
  const listKey = (rank: number, flow: string) => `${key}:list:${rank}:${flow}`;

  async function depthOf(flow: string): Promise<number> {
    const lengths = await Promise.all(priorities.map((_, rank) => redis.llen(listKey(rank, flow))));
    return lengths.reduce((sum, length) => sum + length, 0);
  }

  return {
    async push(entries) {
      for (const args of pushArguments(entries)) await pushScript(redis, [key], args);
    },

    async admit(want, leaseMs) {
      const token = randomUUID();
      const args = [Math.min(want, maxPerCall), token, leaseMs, priorities.length];
      const groups = (await admitScript(redis, [key], args)) as [number, Buffer, Buffer[]][];
      const entries = groups.flatMap(([priority, tenant, ids]) => {
        const tenantId = tenant.toString();
        return ids.map((id) => ({ id: uuidText(id), tenantId, priority }));
      });
      return { token, entries };
    },

    async confirm(token) {
      await confirmScript(redis, [key], [token]);
    },

    async reclaim() {
      return Number(await reclaimScript(redis, [key], []));
    },

    async outlook() {
      const [flows, soonestUs] = (await outlookScript(redis, [key], [priorities.length])) as [number, number];
      return { waiting: flows > 0, readyInMs: soonestUs < 0 ? Number.POSITIVE_INFINITY : soonestUs / 1_000 };
    },

    async waiting() {
      return Number(await waitingScript(redis, [key], [priorities.length]));
    },

    async setRate(owner, rate) {
      const field = "tenantId" in owner ? `t:${owner.tenantId}` : `s:${owner.sender}`;
      if (rate) await redis.hset(`${key}:rates`, field, `${rate.perSecond} ${rate.burst}`);
      else await redis.hdel(`${key}:rates`, field);
    },

    depth: (tenantId, sender) => depthOf(flowOf({ tenantId, sender })),

    async absent(entries) {
      const [first] = entries;
      if (!first) return [];
      const flow = flowOf(first);
      if ((await depthOf(flow)) > maxSearched) return null;
      const lists = await Promise.all(priorities.map((_, rank) => redis.lrangeBuffer(listKey(rank, flow), 0, -1)));
      const present = new Set(lists.flat().map(uuidText));
      return entries.filter((entry) => !present.has(entry.id));
    },
  };
}

/** Entries grouped by class and flow, in calls of at most `maxPerCall` ids. */
function* pushArguments(entries: readonly QueueEntry[]): Generator<(string | number | Buffer)[]> {
  const groups = groupBy(entries, (entry) => `${entry.priority}:${flowOf(entry)}`);
  let args: (string | number | Buffer)[] = [];
  let room = maxPerCall;
  for (const members of groups.values()) {
    for (let start = 0; start < members.length; ) {
      const part = members.slice(start, start + room);
      const first = part[0] as QueueEntry;
      args.push(first.priority, flowOf(first), part.length, ...part.map((entry) => uuidBytes(entry.id)));
      start += part.length;
      room -= part.length;
      if (room > 0) continue;
      yield args;
      args = [];
      room = maxPerCall;
    }
  }
  if (args.length > 0) yield args;
}

function flowOf({ tenantId, sender }: Pick<QueueEntry, "tenantId" | "sender">): string {
  return sender ? `${tenantId}|${sender}` : tenantId;
}

function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll("-", ""), "hex");
}

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
