import { randomUUID } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { freePort } from "../../../scripts/services/ports.mjs";
import { startRedis } from "../../../scripts/services/redis.mjs";
import { removeStateDir } from "../../../scripts/services/state-dir.mjs";
import { createFairQueue } from "./fair-queue";
import { connectRedis } from "./redis";
import { createRedisRoom } from "./redis-room";

test("what is new waits while Redis is nearly full, and what stands in line gets out meanwhile", async ({
  onTestFinished,
}) => {
  const dir = await mkdtemp(join(tmpdir(), "tidings-room-"));
  const server = await startRedis({ dir, port: await freePort(), onProgress: () => {} });
  const redis = connectRedis(server.url, () => {});
  onTestFinished(async () => {
    redis.disconnect();
    await server.process.stop();
    removeStateDir(dir);
  });
  const turns: boolean[] = [];
  const room = createRedisRoom({ redis, onTurn: (isShort) => turns.push(isShort) });
  await room.wait(AbortSignal.abort());

  const queue = createFairQueue(redis, "test", "email");
  const line = Array.from({ length: 100_000 }, () => ({ id: randomUUID(), tenantId: "a", priority: 2 }));
  await queue.push(line);
  const used = Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
  await redis.config("SET", "maxmemory", Math.round(used * 1.15));
  await vi.waitFor(() => expect(room.wait(AbortSignal.timeout(100))).rejects.toThrow(), { timeout: 5_000 });

  let out = 0;
  while (out < line.length) {
    const { groups } = await queue.admit({ urgent: 1_000, others: 1_000 }, 30_000);
    for (const { token, entries } of groups) {
      await queue.finish(token, []);
      out += entries.length;
    }
  }
  await room.wait(AbortSignal.timeout(5_000));
  expect(turns).toEqual([true, false]);
});
