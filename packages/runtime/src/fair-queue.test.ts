import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { testRedisUrl } from "../../../tests/setup/test-services";
import { createFairQueue, type FairQueue, type Group, type QueueEntry } from "./fair-queue";
import { connectRedis } from "./redis";

const redis = connectRedis(await testRedisUrl(), () => {});
afterAll(() => redis.disconnect());

let queue: FairQueue;
beforeEach(() => {
  queue = createFairQueue(redis, `test-${randomUUID()}`, "email");
});

function waiting(count: number, entry: Omit<QueueEntry, "id">): QueueEntry[] {
  return Array.from({ length: count }, () => ({ id: randomUUID(), ...entry }));
}
/** The same, accepted so many seconds before now. */
function waitingSince(secondsAgo: number, count: number, entry: Omit<QueueEntry, "id">): QueueEntry[] {
  const time = (Date.now() - secondsAgo * 1_000).toString(16).padStart(12, "0");
  const begin = `${time.slice(0, 8)}-${time.slice(8)}`;
  return waiting(count, entry).map(({ id, ...rest }) => ({ ...rest, id: begin + id.slice(13) }));
}
const tally = (entries: readonly { id: string }[], of: readonly QueueEntry[]) => {
  const ids = new Set(of.map((entry) => entry.id));
  return entries.filter((entry) => ids.has(entry.id)).length;
};

const lanes = (most: number) => ({ urgent: most, others: most });

/** Admits up to `most` of each lane, and finishes what it got unless told not to. */
async function admit(most: number, { finish = true, leaseMs = 1_000 } = {}): Promise<QueueEntry[]> {
  const { groups } = await queue.admit(lanes(most), leaseMs);
  if (finish) for (const { token } of groups) await queue.finish(token, []);
  return groups.flatMap(({ entries }) => entries);
}

describe("fair queue", () => {
  it("gives back every delivery once, in the order one tenant pushed them", async () => {
    const all = waiting(2_500, { tenantId: "a", priority: 2 });
    await queue.push(all);
    const seen: string[] = [];
    for (;;) {
      const entries = await admit(400);
      if (entries.length === 0) break;
      seen.push(...entries.map((entry) => entry.id));
    }
    expect(seen).toEqual(all.map((entry) => entry.id));
    expect((await queue.outlook(lanes(1))).waiting).toBe(false);
  });

  it("shares equally between a tenant with a flood and one with little", async () => {
    const flood = waiting(5_000, { tenantId: "flood", priority: 2 });
    const little = waiting(40, { tenantId: "little", priority: 2 });
    await queue.push(flood);
    await queue.push(little);
    const entries = await admit(100);
    expect(entries).toHaveLength(100);
    expect(tally(entries, little)).toBe(40);
  });

  it("tells what waits by class, since when, and what waits for another attempt", async () => {
    await queue.push(waiting(1, { tenantId: "a", priority: 3 }));
    const { groups } = await queue.admit(lanes(1), 1_000);
    for (const { token, entries } of groups) {
      await queue.finish(
        token,
        entries.map((entry) => ({ entry, delayMs: 60_000 })),
      );
    }
    await queue.push([{ id: "01910000-0000-7000-8000-000000000001", tenantId: "a", priority: 2 }]);
    await queue.push([{ id: "01900000-0000-7000-8000-000000000001", tenantId: "b", priority: 2 }]);
    expect(await queue.lines()).toEqual({
      later: 1,
      classes: [
        { waiting: 0, oldestMs: null },
        { waiting: 0, oldestMs: null },
        { waiting: 2, oldestMs: 0x0190_0000_0000 },
        { waiting: 0, oldestMs: null },
      ],
    });
    expect(await queue.waiting()).toBe(3);
  });

  it("takes turns when there is room for fewer than there are tenants", async () => {
    const tenants = Array.from({ length: 10 }, (_, index) => waiting(3, { tenantId: `t${index}`, priority: 2 }));
    for (const entries of tenants) await queue.push(entries);
    const first = await admit(5);
    const second = await admit(5);
    const served = tenants.map((of) => tally([...first, ...second], of));
    expect(served).toEqual(Array(10).fill(1));
  });

  it("lets a higher class go before what waited longer, but not for ever", async () => {
    const low = waiting(1, { tenantId: "a", priority: 3 });
    await queue.push(low);
    const high = waiting(1_000, { tenantId: "b", priority: 1 });
    await queue.push(high);
    expect(tally(await admit(5), high)).toBe(5);
    let admissions = 1;
    for (let served = 0; served === 0; admissions += 1) served = tally(await admit(1), low);
    expect(admissions).toBeLessThanOrEqual(8);
  });

  it("gives one tenant at most half of the room for critical ones while others want it", async () => {
    const flood = waiting(1_000, { tenantId: "a", priority: 0 });
    const other = waiting(50, { tenantId: "b", priority: 0 });
    await queue.push([...flood, ...other]);
    const entries = await admit(100);
    expect(tally(entries, flood)).toBe(50);
    expect(tally(entries, other)).toBe(50);
  });

  it("admits no more of a tenant than its limit, and says when it may go on", async () => {
    await queue.setRate({ tenantId: "a" }, { perSecond: 10, burst: 5 });
    await queue.push(waiting(100, { tenantId: "a", priority: 2 }));
    const others = waiting(20, { tenantId: "b", priority: 2 });
    await queue.push(others);
    expect(await admit(50)).toHaveLength(25);
    const { waiting: still, readyInMs } = await queue.outlook(lanes(1));
    expect(still).toBe(true);
    expect(readyInMs).toBeGreaterThan(0);
    expect(readyInMs).toBeLessThanOrEqual(100);
    expect(await admit(50)).toEqual([]);
    await queue.setRate({ tenantId: "a" }, null);
    await expect.poll(async () => (await admit(10)).length).toBe(10);
  });

  it("counts a sender's limit over all tenants that use it", async () => {
    await queue.setRate({ sender: "+15550100" }, { perSecond: 1, burst: 4 });
    await queue.push(waiting(10, { tenantId: "a", priority: 2, sender: "+15550100" }));
    await queue.push(waiting(10, { tenantId: "b", priority: 2, sender: "+15550100" }));
    expect(await admit(20)).toHaveLength(4);
  });

  it("makes a sender's next ones wait for what its last turned out to have used", async () => {
    await queue.setRate({ sender: "s" }, { perSecond: 10, burst: 2 });
    await queue.push(waiting(10, { tenantId: "a", priority: 2, sender: "s" }));
    const { groups } = await queue.admit(lanes(10), 1_000);
    const [{ token, entries }] = groups as [Group];
    expect(entries).toHaveLength(2);
    const later = [{ entry: entries[1] as QueueEntry, delayMs: 60_000 }];
    const owing = new Map([
      ["s", 90],
      ["another without a limit", 5],
    ]);
    await queue.finish(token, later, owing);
    expect(await queue.waiting()).toBe(9);
    const next = async () => ((await admit(10)).length > 0 ? 0 : (await queue.outlook(lanes(1))).readyInMs);
    await expect.poll(next, { timeout: 5_000 }).toBeGreaterThan(7_000);
    expect(await next()).toBeLessThanOrEqual(9_200);
  });

  it("admits until so many are in hand, and again when they are finished", async () => {
    await queue.push(waiting(100, { tenantId: "a", priority: 2 }));
    const first = await queue.admit(lanes(30), 1_000);
    expect(first.groups.map(({ entries }) => entries.length)).toEqual([20, 10]);
    expect(await queue.inHand()).toEqual({ urgent: 0, others: 30 });
    expect(await queue.admit(lanes(30), 1_000)).toEqual({ groups: [], isFull: true });
    await queue.finish((first.groups[1] as Group).token, []);
    await queue.finish((first.groups[1] as Group).token, []); // a job that ran twice frees its room once
    expect(await admit(30)).toHaveLength(10);
  });

  it("gives room back for what is done of a group, while the rest of it takes long", async () => {
    await queue.push(waiting(40, { tenantId: "a", priority: 2 }));
    const { groups } = await queue.admit(lanes(20), 1_000);
    const { token } = groups[0] as Group;
    await queue.release(token, 19);
    expect(await queue.inHand()).toEqual({ urgent: 0, others: 1 });
    expect(await admit(20)).toHaveLength(19);
    await queue.finish(token, []);
    expect(await queue.inHand()).toEqual({ urgent: 0, others: 0 });
  });

  it("lets tenants take turns at a sender whose limit they share", async () => {
    await queue.setRate({ sender: "s" }, { perSecond: 200, burst: 1 });
    const tenants = ["a", "b", "c"].map((tenantId) => waiting(100, { tenantId, priority: 2, sender: "s" }));
    for (const entries of tenants) await queue.push(entries);
    const got: QueueEntry[] = [];
    await expect.poll(async () => got.push(...(await admit(50))), { interval: 2, timeout: 10_000 }).toBeGreaterThan(90);
    for (const entries of tenants) expect(tally(got, entries)).toBeGreaterThan(15);
  });

  it("has room for critical ones when the others have taken theirs", async () => {
    await queue.push(waiting(100, { tenantId: "a", priority: 2 }));
    await admit(20, { finish: false });
    const urgent = waiting(1, { tenantId: "b", priority: 0 });
    await queue.push(urgent);
    expect(await admit(20)).toEqual(urgent);
  });

  it("puts back, in front, what was admitted and never finished", async () => {
    const all = waiting(10, { tenantId: "a", priority: 2 });
    await queue.push(all);
    await admit(3, { finish: false, leaseMs: 0 });
    const { groups } = await queue.admit(lanes(5), 60_000);
    expect(await queue.reclaim()).toBe(3);
    await queue.finish((groups[0] as Group).token, []);
    const entries = await admit(10);
    expect(entries.map((entry) => entry.id)).toEqual([...all.slice(0, 3), ...all.slice(5)].map((entry) => entry.id));
    expect(await queue.reclaim()).toBe(0);
  });

  it("gives a group back at once when it is named", async () => {
    await queue.push(waiting(5, { tenantId: "a", priority: 2 }));
    const { groups } = await queue.admit(lanes(5), 60_000);
    expect(await queue.reclaim(groups.map(({ token }) => token))).toBe(5);
    expect(await queue.inHand()).toEqual({ urgent: 0, others: 0 });
    expect(await admit(5)).toHaveLength(5);
  });

  it("keeps what needs another attempt until it is due, then counts it against the limit like any other", async () => {
    await queue.setRate({ tenantId: "a" }, { perSecond: 1, burst: 3 });
    const all = waiting(3, { tenantId: "a", priority: 1, sender: "s" });
    await queue.push(all);
    const { groups } = await queue.admit(lanes(10), 60_000);
    const later = all.map((entry) => ({ entry, delayMs: 1_500 }));
    await queue.finish((groups[0] as Group).token, later);
    expect(await queue.inHand()).toEqual({ urgent: 0, others: 0 });
    expect(await queue.waiting()).toBe(3);
    expect(await queue.absent(all)).toEqual([]);
    const { readyInMs } = await queue.outlook(lanes(1));
    expect(readyInMs).toBeGreaterThan(0);
    expect(readyInMs).toBeLessThanOrEqual(1_500);
    expect(await admit(10)).toEqual([]);
    await queue.setRate({ tenantId: "a" }, { perSecond: 100, burst: 100 });
    await expect.poll(() => admit(10), { timeout: 10_000 }).toHaveLength(3);
  });

  it("tells which deliveries do not wait in it", async () => {
    const here = waitingSince(30, 3, { tenantId: "a", priority: 1 });
    const gone = waitingSince(60, 2, { tenantId: "a", priority: 1 });
    await queue.push(here);
    expect(await queue.absent([...here, ...gone])).toEqual(gone);
    await admit(1, { finish: false });
    expect(await queue.absent([...here, ...gone])).toEqual(gone);
    await queue.reclaim(["none"]);
    await queue.push(waitingSince(30, 1, { tenantId: "a", priority: 1 }));
    expect(await queue.depth("a")).toBe(3);
    await queue.push(waiting(2, { tenantId: "b", priority: 3, sender: "s" }));
    expect(await queue.waiting()).toBe(5);
  });

  it("leaves to a line what it has not come to yet, and looks through it for what it left behind", async () => {
    const own = { tenantId: "a", priority: 1 };
    const [older, newer] = [waitingSince(60, 2, own), waitingSince(10, 2, own)];
    const late = waitingSince(90, 1, own); // accepted long before, as what was scheduled: it stands at the end
    await queue.push([...waitingSince(30, 3, own), ...late]);
    expect(await queue.absent([...older, ...newer, ...late])).toEqual(older);
    await admit(10);
    expect(await queue.absent(newer)).toEqual(newer);
  });

  it("does not read a line that is too long", async () => {
    const own = { tenantId: "a", priority: 1 };
    await queue.push(waitingSince(30, 10_001, own));
    expect(await queue.absent(waitingSince(60, 2, own))).toBeNull();
    expect(await queue.absent(waitingSince(30, 2, own))).toEqual([]);
  });

  it("costs at most 100 bytes a waiting delivery", async () => {
    const before = Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1]);
    await queue.push(waiting(50_000, { tenantId: randomUUID(), priority: 2 }));
    const after = Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1]);
    expect((after - before) / 50_000).toBeLessThanOrEqual(100);
  });
});
