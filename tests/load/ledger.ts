/** What arrived at a receiver: each message by the id its sender gave it, with where it was addressed, and when. */
export interface Ledger {
  enter(address: string, id: string): void;
  report(): LedgerReport;
  /** Forgets everything. */
  clear(): void;
}

/** Plain data: it travels between processes. Index for index: the address, the id, and when it first came (epoch ms). */
export interface LedgerReport {
  addresses: string[];
  ids: string[];
  arrivedAtMs: Float64Array;
  /** Everything that came, repetitions included. */
  total: number;
  /** Ids that came more than once, with how often. */
  repeated: [id: string, times: number][];
}

export function createLedger(): Ledger {
  let first = new Map<string, { address: string; at: number; times: number }>();
  let total = 0;
  return {
    enter(address, id) {
      total += 1;
      const known = first.get(id);
      if (known) known.times += 1;
      else first.set(id, { address, at: performance.timeOrigin + performance.now(), times: 1 });
    },
    report() {
      const entries = [...first.values()];
      return {
        addresses: entries.map(({ address }) => address),
        ids: [...first.keys()],
        arrivedAtMs: Float64Array.from(entries, ({ at }) => at),
        total,
        repeated: [...first].flatMap(([id, { times }]) => (times > 1 ? [[id, times] as [string, number]] : [])),
      };
    },
    clear() {
      first = new Map();
      total = 0;
    },
  };
}
