import { randomUUID } from "node:crypto";
import { type Job, Worker } from "bullmq";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createAccountsHealth } from "./account-health";
import { createAccountRates } from "./account-rates";
import { createDeliveryQueue, type DeliveryJob, deliveryQueueNames } from "./delivery-queue";
import { redisKeys } from "./event-log/redis-keys";
import { channelTag, createFairQueue, type QueueEntry } from "./fair-queue";
import type { Logger } from "./logger";
import { createPairRates } from "./pair-rates";
import type { Redis } from "./redis";
import { startRedisCluster } from "./testing/redis-cluster";

/**
 * A node refuses keys of the other one, those that a script makes up too. That a key without its hash tag lies on the same
 * node by chance is made unlikely by many namespaces.
 */
const namespaces = Array.from({ length: 8 }, () => `test-${randomUUID().slice(0, 8)}`);
let running: Awaited<ReturnType<typeof startRedisCluster>>;
let redis: Redis;
beforeAll(async () => {
  running = await startRedisCluster();
  redis = running.cluster as unknown as Redis; // commands are the same
}, 30_000);
afterAll(() => running?.stop());

const entriesOf = (tenantId: string, sender?: string): QueueEntry[] =>
  [0, 1, 2, 3].map((priority) => ({ id: randomUUID(), tenantId, priority, ...(sender && { sender }) }));
const lanes = { urgent: 100, others: 100 };
const logger = () => ({ warn: vi.fn(), debug: vi.fn() }) as unknown as Logger;

it.each(namespaces)("queues, admits, works and finishes deliveries (%s)", async (namespace) => {
  const fair = createFairQueue(redis, namespace, "email");
  await fair.setRate({ tenantId: "a" }, { perSecond: 1_000, burst: 1_000 });
  await fair.setRate({ sender: "s" }, { perSecond: 1_000, burst: 1_000 });
  const entries = [...entriesOf("a"), ...entriesOf("b", "s")];
  await fair.push(entries);
  expect(await fair.absent(entriesOf("c"))).toHaveLength(4);
  expect(await fair.depth("a")).toBe(4);
  expect(await fair.waiting()).toBe(8);
  expect((await fair.admit(lanes, 0)).groups).not.toEqual([]);
  expect(await fair.reclaim()).toBe(8); // their lease is over at once

  const { groups } = await fair.admit(lanes, 30_000);
  const queue = createDeliveryQueue(redis, namespace, "email");
  const worked: string[] = [];
  async function run({ id: token = "", data }: Job<DeliveryJob>) {
    const [[id, tenantId, sender] = ["", ""]] = data.entries;
    await fair.release(token, 1);
    const entry = { id, tenantId, priority: data.priority, sender };
    await fair.finish(token, [{ entry, delayMs: 0 }], new Map([["s", 1]]));
    worked.push(...data.entries.map(([one]) => one));
  }
  const workers = Object.values(deliveryQueueNames).map(
    (name) => new Worker<DeliveryJob>(name, run, { connection: redis, prefix: channelTag(namespace, "email") }),
  );
  for (const worker of workers) worker.on("error", () => {}); // of connections that end with the test
  await queue.add(groups);
  await expect.poll(() => worked.sort(), { timeout: 5_000 }).toEqual(entries.map(({ id }) => id).sort());
  expect(await fair.waiting()).toBe(groups.length); // one of each for another attempt
  expect((await fair.admit(lanes, 30_000)).groups).not.toEqual([]);
  await Promise.all([...workers.map((worker) => worker.close()), queue.close()]);
});

it.each(namespaces)("counts rates and health of accounts (%s)", async (namespace) => {
  const told = logger();
  const rates = createAccountRates({ redis, namespace, logger: told });
  const pairs = createPairRates({ redis, namespace, logger: told });
  const health = createAccountsHealth({ redis, namespace, logger: told });
  for (const account of ["one", "two", "three"]) {
    await rates.take({ account, rate: { perSecond: 1, burst: 1 }, isUrgent: true });
    await pairs.take({ account, address: "+15550100", rate: { everyMs: 100, burst: 1 }, isUrgent: true });
    health.record(account, true, 1);
    await health.takeProbe(account);
  }
  await health.close();
  expect(told.warn).not.toHaveBeenCalled();
  expect(told.debug).not.toHaveBeenCalled();
});

it("keeps a partition of the event log and its leases in one slot", async () => {
  const { stream, lease } = redisKeys("tidings");
  const slotOf = (key: string) => redis.cluster("KEYSLOT", key);
  expect(await slotOf(stream("topic", 3))).toBe(await slotOf(lease("topic", 3, "group")));
  expect(await slotOf(stream("topic", 3))).not.toBe(await slotOf(stream("topic", 4)));
});
