const firstMs = 100;
const longestMs = 5_000;

/**
 * Pause before doing again what failed: doubled from 100 ms to 5 s, which is soon enough once a database is back.
 * @param failures in a row, counted from 1
 * @returns milliseconds
 */
export function backoffMs(failures: number): number {
  return Math.min(longestMs, firstMs * 2 ** (failures - 1));
}
