import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { newUuid } from "@tidings/shared/ids";
import { afterAll, describe, expect, it, vi } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { createKeyTouches } from "./touch-keys";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
afterAll(() => database.$disconnect());
const tenant = await createTestTenant(database);
const logger = createLogger({ name: "test", level: "silent" });

const at = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

async function makeKeys(count: number): Promise<string[]> {
  const rows = Array.from({ length: count }, () => ({ id: newUuid(), keyId: newUuid().slice(-16) }));
  const rest = { tenantId: tenant.id, name: "k", mode: "live", scopes: [], secretHash: "-" };
  await database.apiKey.createMany({ data: rows.map((row) => ({ ...row, ...rest })) });
  return rows.map(({ id }) => id);
}

async function makeKey(): Promise<string> {
  return (await makeKeys(1))[0] as string;
}

async function lastUsed(id: string): Promise<number | undefined> {
  return (await database.apiKey.findUniqueOrThrow({ where: { id } })).lastUsedAt?.getTime();
}

describe("key touches", () => {
  it("are written after a while", async () => {
    const id = await makeKey();
    const touches = createKeyTouches({ database, logger, intervalMs: 20 });
    touches.touch(id, at);
    await vi.waitFor(async () => expect(await lastUsed(id)).toBe(at));
    await touches.close();
  });

  it("are written when closing and not at once, the latest of each key", async () => {
    const [first, second] = [await makeKey(), await makeKey()];
    const touches = createKeyTouches({ database, logger });
    touches.touch(first, at);
    touches.touch(first, at + 1);
    touches.touch(second, at + 2);
    expect(await lastUsed(first)).toBeUndefined();
    await touches.close();
    expect(await lastUsed(first)).toBe(at + 1);
    expect(await lastUsed(second)).toBe(at + 2);
  });

  it("never move a time back", async () => {
    const id = await makeKey();
    for (const time of [at + 10, at]) {
      const touches = createKeyTouches({ database, logger });
      touches.touch(id, time);
      await touches.close();
    }
    expect(await lastUsed(id)).toBe(at + 10);
  });

  it("of many processes at once, on the same keys in any order, do not deadlock", async () => {
    const ids = await makeKeys(500);
    const processes = Array.from({ length: 5 }, () => createKeyTouches({ database, logger }));
    processes.forEach((touches, n) => {
      for (const id of n % 2 === 0 ? ids : [...ids].reverse()) touches.touch(id, at + n);
    });
    await Promise.all(processes.map((touches) => touches.close()));
    const written = await database.apiKey.count({ where: { id: { in: ids }, lastUsedAt: new Date(at + 4) } });
    expect(written).toBe(500);
  });

  it("are kept when Postgres did not take them", async () => {
    const id = await makeKey();
    let failures = 1;
    const flaky = {
      $executeRaw: ((...query: Parameters<typeof database.$executeRaw>) => {
        if (failures-- > 0) throw new Error("Postgres is away");
        return database.$executeRaw(...query);
      }) as typeof database.$executeRaw,
    };
    const touches = createKeyTouches({ database: flaky, logger, intervalMs: 20 });
    touches.touch(id, at);
    await vi.waitFor(async () => expect(await lastUsed(id)).toBe(at));
    await touches.close();
  });
});
