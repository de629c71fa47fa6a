import { randomUUID } from "node:crypto";
import { type Job, Worker } from "bullmq";
import { afterAll, expect, it } from "vitest";
import { testRedisUrl } from "../../../tests/setup/test-services";
import { createDeliveryQueue, type DeliveryJob, deliveryQueueNames } from "./delivery-queue";
import { channelTag, type Group } from "./fair-queue";
import { connectRedis } from "./redis";

const redis = connectRedis(await testRedisUrl(), () => {});
afterAll(() => redis.disconnect());

const group = (priority: number): Group => ({
  token: randomUUID(),
  priority,
  entries: [{ id: randomUUID(), tenantId: randomUUID(), priority }],
});

it.each([
  ["done", async () => {}],
  ["failed", () => Promise.reject(new Error("the worker is broken"))],
])("leaves nothing in Redis of groups that are %s, in either lane", async (_, work) => {
  const namespace = `test-${randomUUID()}`;
  const prefix = channelTag(namespace, "email");
  const queue = createDeliveryQueue(redis, namespace, "email");
  const groups = [group(0), group(0), group(2), group(3)];
  await queue.add(groups);
  const keysOf = (token: string) => redis.keys(`${prefix}:*${token}*`);
  expect((await Promise.all(groups.map(({ token }) => keysOf(token)))).flat()).toHaveLength(groups.length);

  const seen = new Set<string | undefined>();
  const run = ({ id }: Job) => {
    seen.add(id);
    return work();
  };
  const workers = Object.values(deliveryQueueNames).map(
    (name) => new Worker<DeliveryJob>(name, run, { connection: redis, prefix, concurrency: 4 }),
  );
  await expect.poll(() => seen.size).toBe(groups.length);
  await Promise.all(workers.map((worker) => worker.close())); // waits for what is in hand
  await queue.close();
  expect((await Promise.all(groups.map(({ token }) => keysOf(token)))).flat()).toEqual([]);
  for (const name of Object.values(deliveryQueueNames)) {
    const sets = ["wait", "active", "completed", "failed", "prioritized", "delayed"].map(
      (set) => `${prefix}:${name}:${set}`,
    );
    expect(await Promise.all(sets.map((set) => redis.exists(set)))).toEqual(sets.map(() => 0));
  }
});
