import { createHash } from "node:crypto";

/** Numbers in [0, 1) that the same seed repeats. */
export type Random = () => number;

/** Mulberry32, from https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32. */
export function seededRandom(seed: string): Random {
  let state = createHash("sha256").update(seed).digest().readInt32LE();
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number between two others. */
export function between(random: Random, least: number, most: number): number {
  return least + random() * (most - least);
}
