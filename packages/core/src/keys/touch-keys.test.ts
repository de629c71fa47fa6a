import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { afterAll, describe, expect, it, vi } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { createKeyTouches } from "./touch-keys";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
afterAll(() => database.$disconnect());
const tenant = await createTestTenant(database);
const logger = createLogger({ name: "test", level: "silent" });

const at = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

async function makeKeys(count: number): Promise<string[]> {
  const rows = await database.$queryRaw<{ id: string }[]>`
    INSERT INTO api_key (id, tenant_id, key_id, name, mode, secret_hash)
    SELECT id, ${tenant.id}::uuid, id::text, 'k', 'live', '-' FROM (SELECT uuidv7() AS id FROM generate_series(1, ${count})) AS t
    RETURNING id::text`;
  return rows.map(({ id }) => id);
}

async function makeKey(): Promise<string> {
  return (await makeKeys(1))[0] as string;
}

async function lastUsed(id: string): Promise<number | undefined> {
  return (await database.apiKey.findUniqueOrThrow({ where: { id } })).lastUsedAt?.getTime();
}

async function waitingForLocks(): Promise<number> {
  const [{ count }] = await database.$queryRaw<[{ count: bigint }]>`
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return Number(count);
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

  it("of two processes on the same keys, in whatever order they were used, do not deadlock", async () => {
    const ids = await makeKeys(5_000); // so many that Postgres looks each touched key up, in the order it is given
    await database.$executeRaw`ANALYZE api_key`;
    const [first, last] = [ids[0] as string, ids[4_999] as string];
    const warnings: string[] = [];
    const warned = createLogger({
      name: "test",
      level: "warn",
      destination: { write: (line) => void warnings.push(line) },
    });
    const [forth, back] = [
      createKeyTouches({ database, logger: warned }),
      createKeyTouches({ database, logger: warned }),
    ];
    for (const id of [first, last]) forth.touch(id, at);
    for (const id of [last, first]) back.touch(id, at + 1);

    const closing = await database.$transaction(
      async (transaction) => {
        await transaction.$queryRaw`SELECT 1 FROM api_key WHERE id = ${last}::uuid FOR UPDATE`;
        const isWaiting = (count: number) =>
          vi.waitFor(async () => expect(await waitingForLocks()).toBe(count), { timeout: 10_000 });
        const closingBack = back.close();
        await isWaiting(1);
        const closingForth = forth.close();
        await isWaiting(2);
        return [closingBack, closingForth];
      },
      { timeout: 25_000 },
    );
    await Promise.all(closing);
    expect(warnings).toEqual([]);
    expect(await lastUsed(first)).toBe(at + 1);
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
