/** A batcher whose queue is full: the caller is told at once instead of waiting behind what can't be served. */
export class BatcherFull extends Error {
  override readonly name = "BatcherFull";
}

export interface BatcherOptions<Item, Result> {
  /** Most items in one call of `run`. */
  maxBatch: number;
  /** Calls of `run` at once; about the connections it may hold. */
  concurrency: number;
  /**
   * Calls begin at least so far apart, unless a batch is full: each has a cost of its own, and few large ones are cheaper
   * than many small. An item that comes after a pause goes at once. 0 when absent.
   */
  gapMs?: number;
  /** Items that may wait. One more is refused with {@link BatcherFull}. */
  maxWaiting: number;
  /** Weight that may wait or be under way, where items differ: memory is what a queue costs. */
  maxWeight?: number;
  /** What an item weighs; 0 when absent. */
  weigh?(item: Item): number;
  /** Does the work of many at once. Results stand in the order of the items. */
  run(items: readonly Item[]): Promise<readonly Result[]>;
  /**
   * Whether a failed `run` is the fault of some item's data. Such a batch is halved and tried again until the bad item
   * stands alone, so that it hurts only itself. Any other failure is given to every item of the batch.
   */
  isDataError?(error: unknown): boolean;
}

export interface Batcher<Item, Result> {
  /**
   * Hands one item in; resolves with its own result.
   * @throws {BatcherFull} when `maxWaiting` items wait already
   */
  add(item: Item): Promise<Result>;
  /** Items that wait for a call of `run`. */
  readonly waiting: number;
  /** Refuses nothing, waits until all that was added has been answered. */
  drain(): Promise<void>;
}

interface Entry<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * Turns single items into batches without making any of them wait on purpose: a call of `run` starts as soon as one of
 * `concurrency` slots is free, and whatever has gathered by then goes along.
 */
export function createBatcher<Item, Result>(options: BatcherOptions<Item, Result>): Batcher<Item, Result> {
  const { maxBatch, concurrency, gapMs = 0, maxWaiting, run, isDataError = () => false } = options;
  const { maxWeight = Number.POSITIVE_INFINITY, weigh = () => 0 } = options;
  let waiting: Entry<Item, Result>[] = [];
  let weight = 0;
  let running = 0;
  let flushScheduled = false;
  let lastStart = Number.NEGATIVE_INFINITY;
  let waitingSince = 0;
  let isGathering = false;
  let whenIdle: (() => void)[] = [];

  /**
   * One turn of the event loop is let pass, so that items added by the same turn share a batch; unless it is a long one:
   * then the first of them need not wait for the last, nor all of them be answered at once.
   */
  function scheduleFlush(): void {
    if (running >= concurrency) return;
    if (gapMs > 0 && performance.now() - waitingSince >= gapMs) flush();
    if (flushScheduled) return;
    flushScheduled = true;
    setImmediate(() => {
      flushScheduled = false;
      flush();
    });
  }

  function flush(): void {
    while (running < concurrency && waiting.length > 0 && !isTooSoon()) {
      const batch = waiting.length > maxBatch ? waiting.splice(0, maxBatch) : waiting;
      if (batch === waiting) waiting = [];
      running += 1;
      lastStart = performance.now();
      void settle(batch).finally(() => {
        running -= 1;
        for (const { item } of batch) weight -= weigh(item);
        if (waiting.length > 0) flush();
        else if (running === 0) {
          const idle = whenIdle;
          whenIdle = [];
          for (const resolve of idle) resolve();
        }
      });
    }
  }

  /** Whether what waits should gather a little longer; then it is looked at again. */
  function isTooSoon(): boolean {
    if (gapMs === 0 || waiting.length >= maxBatch) return false;
    const leftMs = lastStart + gapMs - performance.now();
    if (leftMs < 1) return false; // timers are no finer
    if (!isGathering) {
      isGathering = true;
      setTimeout(() => {
        isGathering = false;
        flush();
      }, leftMs);
    }
    return true;
  }

  async function settle(batch: Entry<Item, Result>[]): Promise<void> {
    try {
      const results = await run(batch.map((entry) => entry.item));
      if (results.length !== batch.length) throw new Error(`batch of ${batch.length} gave ${results.length} results`);
      for (const [index, entry] of batch.entries()) entry.resolve(results[index] as Result);
    } catch (error) {
      if (batch.length > 1 && isDataError(error)) {
        const half = batch.length >> 1;
        await settle(batch.slice(0, half));
        await settle(batch.slice(half));
      } else {
        for (const entry of batch) entry.reject(error);
      }
    }
  }

  return {
    add(item) {
      if (waiting.length >= maxWaiting || weight >= maxWeight)
        return Promise.reject(new BatcherFull(`${waiting.length} items wait already`));
      weight += weigh(item);
      if (waiting.length === 0) waitingSince = performance.now();
      return new Promise<Result>((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        scheduleFlush();
      });
    },
    get waiting() {
      return waiting.length;
    },
    drain() {
      if (running === 0 && waiting.length === 0) return Promise.resolve();
      return new Promise((resolve) => whenIdle.push(resolve));
    },
  };
}
