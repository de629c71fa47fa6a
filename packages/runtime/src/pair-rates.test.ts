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
const turn = { account: "acc", address: "+15550100", rate, isUrgent: true };
const takeMany = (count: number, isUrgent = true) =>
  Promise.all(Array.from({ length: count }, () => pairs.take({ ...turn, isUrgent })));

test("after a burst the next wait for the time it borrowed, the urgent ones until its end, all others longer", async () => {
  expect(await takeMany(3)).toEqual([0, 0, 0]);
  const borrowed = 3 * rate.everyMs;
  for (const wait of await takeMany(3)) {
    expect(wait).toBeGreaterThan(borrowed - 5_000);
    expect(wait).toBeLessThanOrEqual(borrowed);
  }
  const others = await takeMany(20, false);
  for (const wait of others) expect(wait).toBeGreaterThan(borrowed);
  expect(new Set(others).size).toBeGreaterThan(10);
});

test("workers share what a pair has left; other addresses and other accounts have their own", async () => {
  await takeMany(3);
  const another = createPairRates({ redis, namespace, logger });
  expect(await another.take(turn)).toBeGreaterThan(0);
  expect(await another.take({ ...turn, address: "+15550101" })).toBe(0);
  expect(await another.take({ ...turn, account: "other" })).toBe(0);
});

test("once the time is over there may be another burst, and before that none, though the first was small", async () => {
  const quick = { everyMs: 150, burst: 3 };
  const take = () => pairs.take({ ...turn, rate: quick });
  expect([await take(), await take()]).toEqual([0, 0]);
  await expect.poll(take, { interval: 160, timeout: 5_000 }).toBeGreaterThan(0);
  await expect.poll(take, { interval: 50, timeout: 5_000 }).toBe(0);
});

test("Redis is given no address, and forgets a pair whose time is over", async () => {
  await pairs.take({ ...turn, rate: { everyMs: 50, burst: 1 } });
  const keys = () => redis.keys(`{${namespace}:pairs}:*`);
  expect((await keys()).join()).not.toContain("5550100");
  await expect.poll(async () => (await keys()).length, { timeout: 5_000 }).toBe(0);
});

test("without Redis everything may go", async () => {
  const away = connectRedis("redis://127.0.0.1:1", () => {});
  expect(await createPairRates({ redis: away, namespace, logger }).take(turn)).toBe(0);
  away.disconnect();
});
