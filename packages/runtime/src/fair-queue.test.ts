import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { testRedisUrl } from "../../../tests/setup/test-services";
import { createFairQueue, type FairQueue, type QueueEntry } from "./fair-queue";
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
const tally = (entries: readonly { id: string }[], of: readonly QueueEntry[]) => {
  const ids = new Set(of.map((entry) => entry.id));
  return entries.filter((entry) => ids.has(entry.id)).length;
};

describe("fair queue", () => {
  it("gives back every delivery once, in the order one tenant pushed them", async () => {
    const all = waiting(2_500, { tenantId: "a", priority: 2 });
    await queue.push(all);
    const seen: string[] = [];
    for (;;) {
      const { token, entries } = await queue.admit(400, 1_000);
      if (entries.length === 0) break;
      seen.push(...entries.map((entry) => entry.id));
      await queue.confirm(token);
    }
    expect(seen).toEqual(all.map((entry) => entry.id));
    expect((await queue.outlook()).waiting).toBe(false);
  });

  it("shares equally between a tenant with a flood and one with little", async () => {
    const flood = waiting(5_000, { tenantId: "flood", priority: 2 });
    const little = waiting(40, { tenantId: "little", priority: 2 });
    await queue.push(flood);
    await queue.push(little);
    const { entries } = await queue.admit(100, 1_000);
    expect(entries).toHaveLength(100);
    expect(tally(entries, little)).toBe(40);
  });

  it("takes turns when there is room for fewer than there are tenants", async () => {
    const tenants = Array.from({ length: 10 }, (_, index) => waiting(3, { tenantId: `t${index}`, priority: 2 }));
    for (const entries of tenants) await queue.push(entries);
    const first = (await queue.admit(5, 1_000)).entries;
    const second = (await queue.admit(5, 1_000)).entries;
    const served = tenants.map((of) => tally([...first, ...second], of));
    expect(served).toEqual(Array(10).fill(1));
  });

  it("lets critical go before everything that waited longer", async () => {
    await queue.push(waiting(500, { tenantId: "a", priority: 2 }));
    const urgent = waiting(1, { tenantId: "b", priority: 0 });
    await queue.push(urgent);
    expect((await queue.admit(1, 1_000)).entries).toEqual(urgent);
  });

  it("does not starve the lowest class behind an endless critical load", async () => {
    const low = waiting(1, { tenantId: "a", priority: 3 });
    await queue.push(low);
    await queue.push(waiting(1_000, { tenantId: "b", priority: 0 }));
    let admissions = 0;
    for (let served = 0; served === 0; admissions += 1) served = tally((await queue.admit(1, 1_000)).entries, low);
    expect(admissions).toBeLessThanOrEqual(8);
  });

  it("caps what one tenant may take of an admission as critical", async () => {
    const critical = waiting(1_000, { tenantId: "a", priority: 0 });
    const normal = waiting(1_000, { tenantId: "b", priority: 2 });
    await queue.push([...critical, ...normal]);
    const { entries } = await queue.admit(100, 1_000);
    expect(tally(entries, critical)).toBe(50);
    expect(tally(entries, normal)).toBe(50);
  });

  it("admits no more of a tenant than its limit, and says when it may go on", async () => {
    await queue.setRate({ tenantId: "a" }, { perSecond: 10, burst: 5 });
    await queue.push(waiting(100, { tenantId: "a", priority: 2 }));
    const others = waiting(20, { tenantId: "b", priority: 2 });
    await queue.push(others);
    expect((await queue.admit(50, 1_000)).entries).toHaveLength(25);
    const { waiting: still, readyInMs } = await queue.outlook();
    expect(still).toBe(true);
    expect(readyInMs).toBeGreaterThan(0);
    expect(readyInMs).toBeLessThanOrEqual(100);
    expect((await queue.admit(50, 1_000)).entries).toEqual([]);
    await queue.setRate({ tenantId: "a" }, null);
    await expect.poll(async () => (await queue.admit(10, 1_000)).entries.length).toBe(10);
  });

  it("counts a sender's limit over all tenants that use it", async () => {
    await queue.setRate({ sender: "+15550100" }, { perSecond: 1, burst: 4 });
    await queue.push(waiting(10, { tenantId: "a", priority: 2, sender: "+15550100" }));
    await queue.push(waiting(10, { tenantId: "b", priority: 2, sender: "+15550100" }));
    expect((await queue.admit(20, 1_000)).entries).toHaveLength(4);
  });

  it("puts back, in front, what was admitted and never confirmed", async () => {
    const all = waiting(10, { tenantId: "a", priority: 2 });
    await queue.push(all);
    await queue.admit(3, 0);
    const { token } = await queue.admit(2, 60_000);
    expect(await queue.reclaim()).toBe(3);
    await queue.confirm(token);
    const { entries } = await queue.admit(10, 1_000);
    expect(entries.map((entry) => entry.id)).toEqual([...all.slice(0, 3), ...all.slice(5)].map((entry) => entry.id));
    expect(await queue.reclaim()).toBe(0);
  });

  it("tells which deliveries do not wait in it", async () => {
    const here = waiting(3, { tenantId: "a", priority: 1 });
    const gone = waiting(2, { tenantId: "a", priority: 1 });
    await queue.push(here);
    expect(await queue.absent([...here, ...gone])).toEqual(gone);
    expect(await queue.depth("a")).toBe(3);
    await queue.push(waiting(2, { tenantId: "b", priority: 3, sender: "s" }));
    expect(await queue.waiting()).toBe(5);
  });

  it("costs at most 100 bytes a waiting delivery", async () => {
    const before = Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1]);
    await queue.push(waiting(50_000, { tenantId: randomUUID(), priority: 2 }));
    const after = Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1]);
    expect((after - before) / 50_000).toBeLessThanOrEqual(100);
  });
});
