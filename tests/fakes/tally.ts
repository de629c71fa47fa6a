/** Counts what a fake accepted, by id, so that a test can tell what was lost and what was doubled. */
export interface Tally {
  add(id: string): void;
  /** How often an id was accepted. */
  of(id: string): number;
  /** Everything accepted, repetitions included. */
  readonly total: number;
  /** Ids accepted more than once, with their counts. */
  repeated(): [id: string, count: number][];
  ids(): Iterable<string>;
  clear(): void;
}

/** @param maxIds beyond so many the oldest ids are forgotten; `total` goes on */
export function createTally(maxIds = 1_000_000): Tally {
  const counts = new Map<string, number>();
  let total = 0;
  return {
    add(id) {
      total++;
      counts.set(id, (counts.get(id) ?? 0) + 1);
      if (counts.size <= maxIds) return;
      for (const oldest of counts.keys()) {
        counts.delete(oldest);
        break;
      }
    },
    of: (id) => counts.get(id) ?? 0,
    get total() {
      return total;
    },
    repeated: () => [...counts].filter(([, count]) => count > 1),
    ids: () => counts.keys(),
    clear() {
      counts.clear();
      total = 0;
    },
  };
}
