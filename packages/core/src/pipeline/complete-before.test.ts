import { type Database, openDatabase, type Transaction } from "@tidings/db/client";
import { newUuid, uuidTimeMs } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, expect, it } from "vitest";
import { completeBefore } from "./complete-before";

let database: Database;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 2, applicationName: "test" });
});
afterAll(() => database?.$disconnect());

/**
 * Milliseconds by which the table is complete before the begin of a transaction that is still under way and has done some
 * `work`; negative when that is not waited for.
 */
function waitedMs(
  longestStatementSeconds: number,
  work: (other: Transaction) => PromiseLike<unknown>,
): Promise<number> {
  return database.$transaction(async (other) => {
    await other.$queryRaw`SELECT 1`;
    const begunAt = Date.now();
    await expect.poll(() => Date.now()).toBeGreaterThan(begunAt + 20);
    await work(other);
    const id = await database.$transaction((transaction) =>
      completeBefore(transaction, "notification", longestStatementSeconds),
    );
    return begunAt - uuidTimeMs(id) - 15_000;
  });
}

it("waits for each transaction that has just begun: it may be about to write", async () => {
  expect(await waitedMs(60, (other) => other.$queryRaw`SELECT 1`)).toBeGreaterThanOrEqual(0);
});

it("does not wait for one that reads, or writes elsewhere, for longer than a statement takes", async () => {
  const work = async (other: Transaction) => {
    await other.$queryRaw`SELECT count(*) FROM notification`;
    await other.$executeRaw`INSERT INTO sweep_mark (name, position) VALUES ('other', uuidv7())`;
  };
  expect(await waitedMs(0, work)).toBeLessThan(0);
});

it("waits for one that has written notifications, however long it lasts", async () => {
  const work = (other: Transaction) =>
    other.notification.create({
      data: {
        id: newUuid(),
        tenantId: newUuid(),
        mode: "live",
        status: "PENDING",
        priority: 2,
        bulk: false,
        addresses: {},
        channels: [],
        requestId: "r",
        createdAt: new Date(),
      },
    });
  expect(await waitedMs(0, work)).toBeGreaterThanOrEqual(0);
});
