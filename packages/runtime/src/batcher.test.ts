import { describe, expect, it, vi } from "vitest";
import { BatcherFull, createBatcher } from "./batcher";

/** A `run` whose calls are recorded and answered by hand. */
function controlledRun() {
  const calls: { items: readonly number[]; answer(results: readonly number[]): void; fail(error: unknown): void }[] =
    [];
  const run = (items: readonly number[]) =>
    new Promise<readonly number[]>((answer, fail) => calls.push({ items, answer, fail }));
  return { calls, run };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("createBatcher", () => {
  it("flushes what one turn added at once, and gathers the rest while that is in flight", async () => {
    const { calls, run } = controlledRun();
    const batcher = createBatcher({ maxBatch: 10, concurrency: 1, maxWaiting: 100, run });
    const first = [batcher.add(1), batcher.add(2)];
    await turn();
    const second = [batcher.add(3), batcher.add(4), batcher.add(5)];
    await turn();
    expect(calls.map((call) => call.items)).toEqual([[1, 2]]);
    calls[0]?.answer([10, 20]);
    expect(await Promise.all(first)).toEqual([10, 20]);
    await turn();
    expect(calls[1]?.items).toEqual([3, 4, 5]);
    calls[1]?.answer([30, 40, 50]);
    expect(await Promise.all(second)).toEqual([30, 40, 50]);
  });

  it("never runs more than its concurrency, nor batches larger than its bound", async () => {
    const { calls, run } = controlledRun();
    const batcher = createBatcher({ maxBatch: 2, concurrency: 2, maxWaiting: 100, run });
    const all = [1, 2, 3, 4, 5].map((item) => batcher.add(item));
    await turn();
    expect(calls.map((call) => call.items)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    for (const call of calls) call.answer(call.items);
    await turn();
    expect(calls[2]?.items).toEqual([5]);
    calls[2]?.answer([5]);
    expect(await Promise.all(all)).toEqual([1, 2, 3, 4, 5]);
  });

  it("begins a call only some time after the last, unless its batch is full", async () => {
    const { calls, run } = controlledRun();
    const batcher = createBatcher({ maxBatch: 3, concurrency: 3, gapMs: 20, maxWaiting: 100, run });
    const added = [batcher.add(1)];
    await turn();
    added.push(batcher.add(2));
    await turn();
    expect(calls.map((call) => call.items)).toEqual([[1]]);
    await vi.waitFor(() => expect(calls.map((call) => call.items)).toEqual([[1], [2]]));
    added.push(batcher.add(3), batcher.add(4), batcher.add(5));
    await turn();
    expect(calls[2]?.items).toEqual([3, 4, 5]);
    for (const call of calls) call.answer(call.items);
    expect(await Promise.all(added)).toEqual([1, 2, 3, 4, 5]);
  });

  it("begins within a long turn of the event loop, rather than with all of it at its end", async () => {
    const { calls, run } = controlledRun();
    const batcher = createBatcher({ maxBatch: 10, concurrency: 2, gapMs: 2, maxWaiting: 100, run });
    const added = [batcher.add(1)];
    const busyUntil = performance.now() + 3;
    while (performance.now() < busyUntil);
    added.push(batcher.add(2), batcher.add(3));
    expect(calls.map((call) => call.items)).toEqual([[1, 2]]);
    await vi.waitFor(() => expect(calls.map((call) => call.items)).toEqual([[1, 2], [3]]));
    for (const call of calls) call.answer(call.items);
    expect(await Promise.all(added)).toEqual([1, 2, 3]);
  });

  it("refuses at once when its queue is full", async () => {
    const { run } = controlledRun();
    const batcher = createBatcher({ maxBatch: 1, concurrency: 1, maxWaiting: 2, run });
    void batcher.add(1);
    await turn();
    void batcher.add(2);
    void batcher.add(3);
    await expect(batcher.add(4)).rejects.toBeInstanceOf(BatcherFull);
  });

  it("refuses by weight too, and takes again when the heavy ones are done", async () => {
    const { calls, run } = controlledRun();
    const weigh = (item: number) => item;
    const batcher = createBatcher({ maxBatch: 1, concurrency: 1, maxWaiting: 100, maxWeight: 10, weigh, run });
    void batcher.add(12);
    await turn();
    await expect(batcher.add(1)).rejects.toBeInstanceOf(BatcherFull);
    calls[0]?.answer([12]);
    await turn();
    void batcher.add(1);
    expect(batcher.waiting).toBe(1);
  });

  it("lets a bad item hurt only itself", async () => {
    const bad = new RangeError("bad data");
    const batcher = createBatcher<number, number>({
      maxBatch: 100,
      concurrency: 1,
      maxWaiting: 100,
      run: async (items) => {
        if (items.includes(7)) throw bad;
        return items;
      },
      isDataError: (error) => error === bad,
    });
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, item) => batcher.add(item)));
    expect(outcomes.flatMap((outcome, item) => (outcome.status === "rejected" ? [item] : []))).toEqual([7]);
  });

  it("gives any other failure to the whole batch, and goes on with the next", async () => {
    let calls = 0;
    const batcher = createBatcher<number, number>({
      maxBatch: 2,
      concurrency: 1,
      maxWaiting: 100,
      run: async (items) => {
        calls += 1;
        if (calls === 1) throw new Error("connection lost");
        return items;
      },
    });
    const outcomes = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "rejected", "fulfilled"]);
  });

  it("drains only once everything added was answered", async () => {
    const { calls, run } = controlledRun();
    const batcher = createBatcher({ maxBatch: 1, concurrency: 1, maxWaiting: 9, run });
    const done: string[] = [];
    void batcher.add(1).then(() => done.push("first"));
    void batcher.add(2).then(() => done.push("second"));
    await turn();
    const drained = batcher.drain().then(() => done.push("drained"));
    calls[0]?.answer([1]);
    await turn();
    calls[1]?.answer([2]);
    await drained;
    expect(done).toEqual(["first", "second", "drained"]);
  });
});
