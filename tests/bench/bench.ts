import type { Cost } from "./process-costs";

/** One measured figure, with what it is held against. */
export interface Figure {
  what: string;
  value: number;
  unit: "/s" | "ms" | "MB" | "bytes" | "" | "cores" | "s";
  /** The best this machine can do at it, measured in the same run. */
  ceiling?: { what: string; value: number };
  /** What was promised of it; `isKept` says whether. */
  promise?: Promised;
}

export interface Promised {
  text: string;
  isKept: boolean;
}

/** What a benchmark found. */
export interface BenchResult {
  figures: readonly Figure[];
  /** Processor time and memory of each process while it was measured, by phase. */
  costs: Readonly<Record<string, Readonly<Record<string, Cost>>>>;
  /** Everything needed to run it again alike: rates, durations, connections, tenants. */
  settings: Readonly<Record<string, unknown>>;
}

export interface BenchOptions {
  eventLog?: "kafka" | "redis";
  /** Multiplies durations: 1 is what `docs/performance.md` was measured with. */
  scale: number;
  say(message: string): void;
}

export interface Bench {
  name: string;
  summary: string;
  /** @throws {Error} when its own count does not come out even: something was lost or doubled */
  run(options: BenchOptions): Promise<BenchResult>;
}

export function defineBench(bench: Bench): Bench {
  return bench;
}

/** A promise of at least so much. */
export function atLeast(value: number, least: number, text: string): Promised {
  return { text, isKept: value >= least };
}

/** A promise of at most so much. */
export function atMost(value: number, most: number, text: string): Promised {
  return { text, isKept: value <= most };
}
