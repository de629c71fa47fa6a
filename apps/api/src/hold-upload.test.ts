import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { createHoldUpload, type HoldUpload } from "./hold-upload";

const bounds = { maxHeldBytes: 10, pieceBytes: 2, maxWaitMs: 50 };
const refused = { code: "overloaded", retryAfterSeconds: 1 };

async function* bytesOf(...chunks: number[]) {
  for (const size of chunks) {
    await nextTurn();
    yield Buffer.alloc(size, 1);
  }
}
const sizeOf = async (content: readonly Uint8Array[]) => Buffer.concat(content).length;

/** An upload that is being stored until it is told to leave. */
async function stay(hold: HoldUpload, size: number) {
  let leave = () => {};
  let done: Promise<unknown> = Promise.resolve();
  await new Promise<void>((begun) => {
    const stored = new Promise<void>((resolve) => {
      leave = resolve;
    });
    done = hold("a", bytesOf(size), () => {
      begun();
      return stored;
    });
  });
  return () => {
    leave();
    return done;
  };
}

it.each([[[]], [[3, 4]], [[1, 1, 1, 1]], [[8]], [[5, 0, 1, 3]]])(
  "gives the very bytes of %j, in pieces",
  async (sizes) => {
    const content = Buffer.from(
      Array.from({ length: sizes.reduce((sum, size) => sum + size, 0) }, (_, index) => index),
    );
    async function* chunks() {
      let from = 0;
      for (const size of sizes) {
        yield content.subarray(from, from + size);
        from += size;
      }
    }
    const pieces = await createHoldUpload(bounds)("a", chunks(), async (pieces) => pieces);
    expect(Buffer.concat(pieces)).toEqual(content);
    expect(pieces).toHaveLength(Math.ceil(content.length / 2));
  },
);

it("leaves unread what there is no room for beside others, and goes on when there is", async () => {
  const hold = createHoldUpload({ ...bounds, maxWaitMs: 10_000 });
  const leave = await stay(hold, 8);
  let read = 0;
  async function* counted() {
    for await (const chunk of bytesOf(2, 2, 2)) {
      read += chunk.length;
      yield chunk;
    }
  }
  const second = hold("a", counted(), sizeOf);
  await expect.poll(() => read).toBe(4); // the one it holds, and the one it waits with
  await hold("a", bytesOf(0, 0, 0, 0), sizeOf); // of others the turn comes
  expect(read).toBe(4);
  await leave();
  expect(await second).toBe(6);
});

it("serves those that wait in the order they came in", async () => {
  const hold = createHoldUpload({ ...bounds, maxWaitMs: 10_000 });
  const leave = await stay(hold, 10);
  const through: number[] = [];
  const waiting = [10, 6, 8].map((size) =>
    hold("a", bytesOf(size), async (content) => through.push(await sizeOf(content))),
  );
  await hold("a", bytesOf(0, 0, 0, 0), sizeOf); // by then they wait
  await leave();
  await Promise.all(waiting);
  expect(through).toEqual([10, 6, 8]);
});

it("gives the room of one that is through to as many as fit", async () => {
  const hold = createHoldUpload({ ...bounds, maxWaitMs: 10_000 });
  let [now, most] = [0, 0];
  const store = async () => {
    most = Math.max(most, ++now);
    await nextTurn();
    now -= 1;
  };
  await Promise.all(Array.from({ length: 12 }, () => hold("a", bytesOf(4), store)));
  expect(most).toBe(2);
});

it("refuses one that waits too long, and that one only", async () => {
  const hold = createHoldUpload(bounds);
  const leave = await stay(hold, 8);
  await expect(hold("a", bytesOf(2, 1), sizeOf)).rejects.toMatchObject(refused);
  expect(await hold("a", bytesOf(2), sizeOf)).toBe(2);
  await leave();
  expect(await hold("a", bytesOf(9), sizeOf)).toBe(9);
});

it("refuses at once when too many are in hand", async () => {
  const hold = createHoldUpload({ ...bounds, maxUploads: 1 });
  const leave = await stay(hold, 2);
  await expect(hold("a", bytesOf(2), sizeOf)).rejects.toMatchObject(refused);
  await leave();
  expect(await hold("a", bytesOf(2), sizeOf)).toBe(2);
});

it("leaves room for other tenants, however many uploads one has", async () => {
  const hold = createHoldUpload({ ...bounds, maxOfTenant: 1 });
  const leave = await stay(hold, 2);
  await expect(hold("a", bytesOf(2), sizeOf)).rejects.toMatchObject(refused);
  expect(await hold("b", bytesOf(2), sizeOf)).toBe(2);
  await leave();
  expect(await hold("a", bytesOf(2), sizeOf)).toBe(2);
});

it("takes even what is larger than that memory, and never has uploads wait for each other", async () => {
  const hold = createHoldUpload({ ...bounds, maxWaitMs: 10_000 });
  const sizes = [2, 2, 2, 2, 2, 2, 2, 2];
  expect(await Promise.all(Array.from({ length: 12 }, () => hold("a", bytesOf(...sizes), sizeOf)))).toEqual(
    Array.from({ length: 12 }, () => 16),
  );
});

it("lets go of what failed", async () => {
  const hold = createHoldUpload(bounds);
  await expect(hold("a", bytesOf(8), () => Promise.reject(new Error("no database")))).rejects.toThrow("no database");
  const leave = await stay(hold, 2);
  expect(await hold("a", bytesOf(8), sizeOf)).toBe(8);
  await leave();
});
