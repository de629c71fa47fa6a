import type { Generator } from "../load/generator-process";
import { type LoadPlan, type LoadResult, percentile } from "../load/load-plan";

/** A plan without its pace and length: those are what is looked for. */
export type Unpaced = Omit<LoadPlan, "perSecond" | "total" | "firstNumber">;

export interface HighestRate {
  perSecond: number;
  p99Ms: number;
  /** Every run that was made, the discarded ones included: their ids count too. */
  results: LoadResult[];
}

/**
 * Runs one paced load; numbers of notifications go on over the runs.
 */
export function createRunner(generator: Generator, plan: Unpaced) {
  let firstNumber = 0;
  return async function run(perSecond: number | null, total: number): Promise<LoadResult> {
    const result = await generator.ask("generateLoad", { ...plan, perSecond, total, firstNumber });
    firstNumber += total;
    return result;
  };
}
export type Runner = ReturnType<typeof createRunner>;

/** Each try is this much slower than the one before. */
const step = 0.94;
/** After so many tries the server holds no rate worth telling. */
const mostTries = 24;

/**
 * The highest rate at which 99 of 100 requests are answered within `p99Ms`, all of them with 202: what the server does
 * with every connection busy says where to begin, and each try after that is 6 % slower until one holds.
 */
export async function findHighestRate(
  run: Runner,
  { seconds, p99Ms, say }: { seconds: number; p99Ms: number; say(message: string): void },
): Promise<HighestRate> {
  const probe = await run(null, 20_000);
  const results = [probe];
  let perSecond = Math.round((probe.accepted.ids.length / probe.elapsedMs) * 1_000);
  say(`with every connection busy: ${perSecond}/s`);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const result = await run(perSecond, Math.round(perSecond * seconds));
    results.push(result);
    const p99 = percentile(result.latenciesMs, 0.99);
    const isAll = result.accepted.ids.length === Math.round(perSecond * seconds);
    say(`${perSecond}/s: p50 ${percentile(result.latenciesMs, 0.5).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
    if (isAll && p99 <= p99Ms) return { perSecond, p99Ms: p99, results };
    perSecond = Math.round(perSecond * step);
  }
  throw new Error(`no rate down to ${perSecond}/s is answered within ${p99Ms} ms`);
}
