/** One bounded statement of a reading: how many rows it read, the id of the last, and whether that is enough. */
export interface ReadStep {
  count: number;
  last: string | null;
  isEnough?: boolean;
}

/** How a reading ended: with what it looked for, at the end of the rows, or because time was up. */
export interface ReadEnd {
  why: "enough" | "end" | "time";
  /** Rows from this id on were read. */
  to: string;
}

/** Rows read by one statement: more with each, as far as the time left allows. */
const steps = [128, 1_024, 8_192, 32_768] as const;

/**
 * Reads rows back through time, newest first, in steps that no statement exceeds: for what has no index because it changes,
 * or because each row accepted would pay for it.
 * @param below UUID: rows before this one are read
 * @param atLeast rows of the first step, which is always made
 * @param budgetMs when to stop, about
 * @param read reads the newest `size` rows below an id
 */
export async function readBack(
  { below, atLeast, budgetMs }: { below: string; atLeast: number; budgetMs: number },
  read: (below: string, size: number) => Promise<ReadStep>,
): Promise<ReadEnd> {
  const until = performance.now() + budgetMs;
  let to = below;
  let size: number = steps.find((step) => step >= atLeast) ?? atLeast;
  for (;;) {
    const began = performance.now();
    const { count, last, isEnough } = await read(to, size);
    to = last ?? to;
    if (isEnough) return { why: "enough", to };
    if (count < size) return { why: "end", to };
    const now = performance.now();
    const affordable = ((until - now) * size) / (now - began);
    if (affordable < size) return { why: "time", to };
    size = steps.findLast((step) => step <= affordable) ?? size;
  }
}
