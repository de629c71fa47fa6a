import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { testRedisUrl } from "../../../tests/setup/test-services";
import { connectRedis, connectRedisFailFast } from "./redis";
import { createRequestLimiter } from "./request-limiter";

const redis = connectRedis(await testRedisUrl(), () => {});
afterAll(() => redis.disconnect());

describe("request limiter", () => {
  it("allows a burst of one second's worth and refuses what is beyond, over all processes together", async () => {
    const namespace = randomUUID();
    const processes = [1, 2].map(() => createRequestLimiter({ redis, namespace }));
    const taken = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => processes[index % 2]?.take("tenant", 20)),
    );
    const allowed = taken.filter((state) => state?.allowed).length;
    expect(allowed).toBeGreaterThanOrEqual(20);
    expect(allowed).toBeLessThanOrEqual(22); // what refilled while they were asked
    expect(taken.find((state) => !state?.allowed)).toMatchObject({ limit: 20, resetSeconds: 1 });
  });

  it("keeps tenants apart, and gives each its own limit", async () => {
    const limiter = createRequestLimiter({ redis, namespace: randomUUID() });
    expect(await limiter.take("a", 1)).toMatchObject({ allowed: true, limit: 1 });
    expect(await limiter.take("a", 1)).toMatchObject({ allowed: false });
    expect(await limiter.take("b", 500)).toMatchObject({ allowed: true, limit: 500 });
  });

  it("allows again once the bucket has refilled", async () => {
    const limiter = createRequestLimiter({ redis, namespace: randomUUID() });
    for (let index = 0; index < 5; index += 1) await limiter.take("a", 5);
    expect(await limiter.take("a", 5)).toMatchObject({ allowed: false });
    await expect.poll(async () => (await limiter.take("a", 5)).allowed).toBe(true);
  });

  it("allows everything while Redis is away", async () => {
    const away = connectRedisFailFast("redis://127.0.0.1:1", () => {});
    const limiter = createRequestLimiter({ redis: away, namespace: randomUUID() });
    const states = await Promise.all(Array.from({ length: 5 }, async () => limiter.take("a", 1)));
    expect(states.every((state) => state.allowed)).toBe(true);
    away.disconnect();
  });
});
