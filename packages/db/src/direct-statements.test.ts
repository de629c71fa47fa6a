import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeEach, expect, it } from "vitest";
import { type Database, openDatabase, type Statements } from "./client";

const database: Database = openDatabase({
  url: await createTestDatabase(),
  poolSize: 1, // what one transaction leaves behind, the next one meets
  applicationName: "test",
});
await database.direct.$executeRaw`CREATE TABLE mark (name text PRIMARY KEY)`;
beforeEach(() => database.direct.$executeRaw`DELETE FROM mark`);
afterAll(() => database.$disconnect());

const mark = (on: Statements, name: string) => on.$executeRaw`INSERT INTO mark VALUES (${name})`;
const marks = async () =>
  (await database.direct.$queryRaw<{ name: string }[]>`SELECT name FROM mark ORDER BY name`).map(({ name }) => name);

it("writes everything, waited for or not, before it says so", async () => {
  const answer = await database.direct.transaction(async (transaction) => {
    const written = await mark(transaction, "first");
    void mark(transaction, "second");
    void mark(transaction, "third");
    return written;
  });
  expect(answer).toBe(1);
  expect(await marks()).toEqual(["first", "second", "third"]);
});

it("writes nothing when a statement fails that nobody waited for", async () => {
  const failing = database.direct.transaction(async (transaction) => {
    await mark(transaction, "first");
    void mark(transaction, "first");
    void mark(transaction, "second");
  });
  await expect(failing).rejects.toMatchObject({ code: "23505" });
  expect(await marks()).toEqual([]);
});

it("tells of the statement that failed, not of one after it that could not be run any more", async () => {
  const failing = database.direct.transaction(async (transaction) => {
    await mark(transaction, "first");
    void mark(transaction, "first");
    await mark(transaction, "second");
  });
  await expect(failing).rejects.toMatchObject({ code: "23505" });
});

it("writes nothing when the work fails, and is heard of no more than once", async () => {
  const failing = database.direct.transaction(async (transaction) => {
    void mark(transaction, "first");
    void mark(transaction, "first");
    throw new Error("changed its mind");
  });
  await expect(failing).rejects.toThrow("changed its mind");
  expect(await marks()).toEqual([]);
});

it("waits for the disk unless a transaction can be repeated, and only that one does not", async () => {
  const setting = async (statements: Statements) => {
    const [row] = await statements.$queryRaw<{ synchronous_commit: string }[]>`SHOW synchronous_commit`;
    return row?.synchronous_commit;
  };
  const repeatable = async (transaction: Statements) => {
    await mark(transaction, "first");
    return await setting(transaction);
  };
  expect(await database.direct.transaction(repeatable, { isRepeatable: true })).toBe("off");
  expect(await database.direct.transaction(setting)).toBe("on");
  expect(await setting(database.direct)).toBe("on");
  expect(await marks()).toEqual(["first"]);
});
