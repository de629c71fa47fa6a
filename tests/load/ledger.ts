/** What arrived at a receiver: each message by the id its sender gave it, with where it was addressed, and when. */
export interface Ledger {
  /** @param isAnswered false when the sender is not told that the message was taken */
  enter(address: string, id: string, isAnswered?: boolean): void;
  /** Notes a message that was refused for good. */
  refuse(id: string): void;
  /** Notes a message that came again and was kept from its recipient, as its sender had asked. */
  withhold(): void;
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
  /** Ids that were taken at least once without an answer: their senders could not know. */
  unanswered: string[];
  /** Ids refused for good. */
  refused: string[];
  /** Messages that came again and were kept from their recipients. */
  withheld: number;
}

export function createLedger(): Ledger {
  let first = new Map<string, { address: string; at: number; times: number }>();
  const unanswered = new Set<string>();
  const refused = new Set<string>();
  let total = 0;
  let withheld = 0;
  return {
    enter(address, id, isAnswered = true) {
      total += 1;
      if (!isAnswered) unanswered.add(id);
      const known = first.get(id);
      if (known) known.times += 1;
      else first.set(id, { address, at: performance.timeOrigin + performance.now(), times: 1 });
    },
    refuse: (id) => void refused.add(id),
    withhold() {
      withheld += 1;
    },
    report() {
      const entries = [...first.values()];
      return {
        addresses: entries.map(({ address }) => address),
        ids: [...first.keys()],
        arrivedAtMs: Float64Array.from(entries, ({ at }) => at),
        total,
        repeated: [...first].flatMap(([id, { times }]) => (times > 1 ? [[id, times] as [string, number]] : [])),
        unanswered: [...unanswered],
        refused: [...refused],
        withheld,
      };
    },
    clear() {
      first = new Map();
      unanswered.clear();
      refused.clear();
      total = 0;
      withheld = 0;
    },
  };
}
