import { expect, it } from "vitest";
import { createTurns } from "./take-turns";

it("lets so many go on in one turn of the event loop, in order, and all in the end", async () => {
  const takeTurn = createTurns(2);
  const gone: number[] = [];
  const all = [1, 2, 3, 4, 5].map((number) => takeTurn().then(() => gone.push(number)));
  const counts: number[] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    counts.push(gone.length);
  }
  expect(counts).toEqual([2, 4, 5, 5]);
  await Promise.all(all);
  expect(gone).toEqual([1, 2, 3, 4, 5]);
});
