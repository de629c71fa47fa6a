import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, expect, test } from "vitest";
import { testRedisUrl } from "../../../tests/setup/test-services";
import { createLogger } from "./logger";
import { createPairRates, type PairRates } from "./pair-rates";
import { connectRedis } from "./redis";

const redis = connectRedis(await testRedisUrl(), () => {});
afterAll(() => redis.disconnect());
const logger = createLogger({ name: "test", level: "silent" });

let namespace: string;
let pairs: PairRates;
beforeEach(() => {
  namespace = `test-${randomUUID()}`;
  pairs = createPairRates({ redis, namespace, logger });
});

const rate = { everyMs: 60_000, burst: 3 };
const takeMany = (count: number, address = "+15550100") =>
  Promise.all(Array.from({ length: count }, () => pairs.take("acc", address, rate)));

test("after a burst the next ones wait for the time it borrowed, each for a turn of its own", async () => {
  expect(await takeMany(3)).toEqual([0, 0, 0]);
  const waits = await takeMany(3);
  for (const [index, wait] of waits.entries()) {
    expect(wait).toBeGreaterThan((index + 3) * rate.everyMs - 5_000);
    expect(wait).toBeLessThanOrEqual((index + 3) * rate.everyMs);
  }
});

test("workers share what a pair has left; other addresses and other accounts have their own", async () => {
  await takeMany(3);
  const another = createPairRates({ redis, namespace, logger });
  expect(await another.take("acc", "+15550100", rate)).toBeGreaterThan(0);
  expect(await another.take("acc", "+15550101", rate)).toBe(0);
  expect(await another.take("other", "+15550100", rate)).toBe(0);
});

test("once the time is over there may be another burst, and before that none, though the first was small", async () => {
  const quick = { everyMs: 150, burst: 3 };
  const take = () => pairs.take("acc", "+15550100", quick);
  expect([await take(), await take()]).toEqual([0, 0]);
  await expect.poll(take, { interval: 160, timeout: 5_000 }).toBeGreaterThan(0);
  await expect.poll(take, { interval: 50, timeout: 5_000 }).toBe(0);
});

test("Redis is given no address, and forgets a pair whose time is over", async () => {
  await pairs.take("acc", "+15550100", { everyMs: 50, burst: 1 });
  const keys = () => redis.keys(`{${namespace}:pairs}:*`);
  expect((await keys()).join()).not.toContain("5550100");
  await expect.poll(async () => (await keys()).length, { timeout: 5_000 }).toBe(0);
});

test("without Redis everything may go", async () => {
  const away = connectRedis("redis://127.0.0.1:1", () => {});
  expect(await createPairRates({ redis: away, namespace, logger }).take("acc", "+15550100", rate)).toBe(0);
  away.disconnect();
});
