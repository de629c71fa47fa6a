import { randomUUID } from "node:crypto";
import { groupBy } from "@tidings/shared/group-by";
import { uuidTimeMs } from "@tidings/shared/ids";
import { priorities } from "@tidings/shared/priorities";
import {
  admitScript,
  finishScript,
  linesScript,
  notHeldScript,
  outlookScript,
  pushScript,
  reclaimScript,
  releaseScript,
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

/**
 * How fast an owner may send: deliveries a second, and how many at once after a pause. A sender's are tokens, of which a
 * delivery takes one, or more as it turns out (`finish`).
 */
export interface Rate {
  perSecond: number;
  burst: number;
}

/** Critical deliveries go their own way from admission on, so that they never wait for others to be done with. */
export interface Lanes {
  urgent: number;
  others: number;
}

/** What waits in a fair queue. */
export interface Lines {
  /** Of each class, in the order of `priorities`. */
  classes: {
    waiting: number;
    /** When the oldest at the head of a line was accepted, in milliseconds since the epoch; null when none waits. */
    oldestMs: number | null;
  }[];
  /** Deliveries that wait for another attempt. */
  later: number;
}

/** Deliveries of one class that were admitted together, leased until `finish`: what becomes one job. */
export interface Group {
  token: string;
  /** Position in `priorities`. */
  priority: number;
  entries: readonly QueueEntry[];
}

/** A delivery that needs another attempt, and when. */
export interface LaterEntry {
  entry: QueueEntry;
  delayMs: number;
}

/**
 * What stands before a channel's BullMQ queue: it admits deliveries fairly among tenants, by class and within limits, and
 * knows of every delivery where it is: in a line, in hand, or waiting for another attempt. A tenant with a million waiting
 * costs the others one entry. Holds 16 bytes a delivery.
 */
export interface FairQueue {
  push(entries: readonly QueueEntry[]): Promise<void>;
  /**
   * Takes deliveries out, in groups, until so many are in hand of critical ones and of others. A group that is not
   * finished within `leaseMs` is put back by `reclaim`.
   * @returns `isFull` when some may wait only because there was no room
   */
  admit(most: Lanes, leaseMs: number): Promise<{ groups: readonly Group[]; isFull: boolean }>;
  /** So many of a group are done with, while others take long: their room is free for somebody else. */
  release(token: string, count: number): Promise<void>;
  /**
   * A group is done with; those given with it go to the front of their line when their time has come.
   * @param owing tokens that senders used beyond one a delivery, as it turned out: their next ones wait the longer
   */
  finish(token: string, later: readonly LaterEntry[], owing?: ReadonlyMap<string, number>): Promise<void>;
  /** Puts back groups whose lease is over, and those named. @returns how many deliveries */
  reclaim(tokens?: readonly string[]): Promise<number>;
  /** Deliveries that were admitted and are not done with. */
  inHand(): Promise<Lanes>;
  /** Whether anything waits in the lanes that have room at all, and how many milliseconds until some of it may be admitted. */
  outlook(most: Lanes): Promise<{ waiting: boolean; readyInMs: number }>;
  /** Deliveries that wait, of all tenants. */
  waiting(): Promise<number>;
  /** The same, by class and told from those that wait for another attempt. */
  lines(): Promise<Lines>;
  /** Sets or lifts (null) the limit of a tenant or a sender on this channel. */
  setRate(owner: { tenantId: string } | { sender: string }, rate: Rate | null): Promise<void>;
  /** Sets the limits of many tenants on this channel, in few commands. */
  setRates(rates: readonly (Rate & { tenantId: string })[]): Promise<void>;
  /** Deliveries of one tenant that wait in line, by one sender where it has limits of its own. */
  depth(tenantId: string, sender?: string): Promise<number>;
  /**
   * Which of these deliveries, all of one tenant and sender, are not in here and should have had their turn. A line is about
   * in the order of ids, so it is looked through only for those that its head has left behind; the others are asked for
   * again later. Null when it is too long for that: then it is worth waiting until it is shorter.
   */
  absent(entries: readonly QueueEntry[]): Promise<QueueEntry[] | null>;
}

/** Most ids in one call of a script: well under what Lua can unpack. */
const maxPerCall = 1_000;
/**
 * Largest group: BullMQ's cost of a job is about that of delivering twice, so twenty share it; more would gain little and
 * let one slow delivery hold up the room of many.
 */
const maxGroup = 20;
/** Longest line that `absent` reads: 160 KB. */
const maxSearched = 10_000;
/** How much older than the head of its line a delivery is that certainly does not stand further behind by chance. */
const leftBehindMs = 5_000;

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

  async function readLines(): Promise<Lines> {
    const [later = 0, ...counted] = (await linesScript(redis, [key], [priorities.length])) as number[];
    const classes = priorities.map((_, rank) => {
      const [waiting = 0, oldest = -1] = counted.slice(2 * rank);
      return { waiting, oldestMs: oldest < 0 ? null : oldest };
    });
    return { classes, later };
  }

  return {
    async push(entries) {
      for (const args of pushArguments(entries)) await pushScript(redis, [key], args);
    },

    async admit(most, leaseMs) {
      const args = [most.urgent, most.others, maxPerCall, maxGroup, randomUUID(), leaseMs, priorities.length];
      const [isFull, groups] = (await admitScript(redis, [key], args)) as [number, [Buffer, number, ...Buffer[]][]];
      return {
        isFull: isFull === 1,
        groups: groups.map(([token, priority, ...flows]) => ({
          token: token.toString(),
          priority,
          entries: [...entriesOf(priority, flows)],
        })),
      };
    },

    async release(token, count) {
      await releaseScript(redis, [key], [token, count]);
    },

    async finish(token, later, owing = new Map()) {
      const args = later.flatMap(({ entry, delayMs }) => [
        Math.ceil(delayMs),
        entry.priority,
        flowOf(entry),
        uuidBytes(entry.id),
      ]);
      await finishScript(redis, [key], [token, owing.size, ...[...owing].flat(), ...args]);
    },

    async reclaim(tokens = []) {
      return Number(await reclaimScript(redis, [key], [...tokens]));
    },

    async inHand() {
      const [urgent, others] = await redis.hmget(`${key}:in-hand`, "urgent", "others");
      return { urgent: Number(urgent ?? 0), others: Number(others ?? 0) };
    },

    async outlook(most) {
      const classes = priorities.map((_, rank) => rank).filter((rank) => (rank === 0 ? most.urgent : most.others) > 0);
      const [flows, soonestUs] = (await outlookScript(redis, [key], classes)) as [number, number];
      return { waiting: flows > 0, readyInMs: soonestUs < 0 ? Number.POSITIVE_INFINITY : soonestUs / 1_000 };
    },

    async waiting() {
      const { classes, later } = await readLines();
      return classes.reduce((sum, { waiting }) => sum + waiting, later);
    },

    lines: readLines,

    async setRate(owner, rate) {
      const field = "tenantId" in owner ? `t:${owner.tenantId}` : `s:${owner.sender}`;
      if (rate) await redis.hset(`${key}:rates`, field, rateText(rate));
      else await redis.hdel(`${key}:rates`, field);
    },

    async setRates(rates) {
      for (let from = 0; from < rates.length; from += maxPerCall) {
        const fields = rates.slice(from, from + maxPerCall).map((rate) => [`t:${rate.tenantId}`, rateText(rate)]);
        await redis.hset(`${key}:rates`, Object.fromEntries(fields));
      }
    },

    depth: (tenantId, sender) => depthOf(flowOf({ tenantId, sender })),

    async absent(entries) {
      const [first] = entries;
      if (!first) return [];
      const flow = flowOf(first);
      const heads = await Promise.all(priorities.map((_, rank) => redis.lindexBuffer(listKey(rank, flow), 0)));
      const passed = entries.filter(({ id, priority }) => isPassed(id, heads[priority] ?? null));
      if (passed.length === 0) return [];
      if ((await depthOf(flow)) > maxSearched) return null;
      const lists = await Promise.all(priorities.map((_, rank) => redis.lrangeBuffer(listKey(rank, flow), 0, -1)));
      const inLine = new Set(lists.flat().map(uuidText));
      const others = passed.filter((entry) => !inLine.has(entry.id));
      if (others.length === 0) return [];
      const args = others.flatMap((entry) => [entry.priority, flow, uuidBytes(entry.id)]);
      const free = new Set(((await notHeldScript(redis, [key], args)) as Buffer[]).map(uuidText));
      return others.filter((entry) => free.has(entry.id));
    },
  };
}

/** A limit as the scripts read it. */
const rateText = ({ perSecond, burst }: Rate) => `${perSecond} ${burst}`;

/** Whether a line with this head has gone on without a delivery; one that is empty has. */
function isPassed(id: string, head: Buffer | null): boolean {
  return head === null || uuidTimeMs(uuidText(head)) - uuidTimeMs(id) > leftBehindMs;
}

/** The entries of a group as Redis tells them: flow, ids, flow, ids… */
function* entriesOf(priority: number, flows: readonly Buffer[]): Generator<QueueEntry> {
  for (let at = 0; at < flows.length; at += 2) {
    const [tenantId = "", sender] = (flows[at] as Buffer).toString().split("|", 2);
    const ids = flows[at + 1] as Buffer;
    for (let begin = 0; begin < ids.length; begin += 16) {
      const id = uuidText(ids.subarray(begin, begin + 16));
      yield sender === undefined ? { id, tenantId, priority } : { id, tenantId, priority, sender };
    }
  }
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
      args.push(first.priority, flowOf(first), uuidBytes(...part.map((entry) => entry.id)));
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

/** Ids end to end, 16 bytes each. */
function uuidBytes(...uuids: readonly string[]): Buffer {
  return Buffer.from(uuids.join("").replaceAll("-", ""), "hex");
}

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
