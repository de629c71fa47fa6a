import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { createHoldUpload } from "./hold-upload";

async function* bytesOf(...chunks: number[]) {
  for (const size of chunks) {
    await nextTurn();
    yield Buffer.alloc(size, 1);
  }
}
const sizeOf = async (content: Buffer) => content.length;

it("gives the whole upload to whoever uses it", async () => {
  expect(await createHoldUpload(10)(bytesOf(3, 4), async (content) => content)).toEqual(Buffer.alloc(7, 1));
});

it("refuses what there is no memory for beside others, until they are through", async () => {
  const hold = createHoldUpload(10);
  let leave = () => {};
  const first = hold(bytesOf(8), () => new Promise<void>((resolve) => (leave = resolve)));
  await expect(hold(bytesOf(2, 1), sizeOf)).rejects.toMatchObject({ code: "overloaded", retryAfterSeconds: 1 });
  expect(await hold(bytesOf(2), sizeOf)).toBe(2);
  leave();
  await first;
  expect(await hold(bytesOf(9), sizeOf)).toBe(9);
});

it("takes even what is larger than that memory, alone", async () => {
  expect(await createHoldUpload(10)(bytesOf(8, 8), sizeOf)).toBe(16);
});

it("lets go of what failed", async () => {
  const hold = createHoldUpload(10);
  await expect(hold(bytesOf(8), () => Promise.reject(new Error("no database")))).rejects.toThrow("no database");
  expect(await hold(bytesOf(8), sizeOf)).toBe(8);
});
