import { setTimeout as sleep } from "node:timers/promises";
import type { Backlog } from "./backlog";
import type { Cost } from "./process-costs";

/** What came of a load: at least what was taken of it. */
interface Loaded {
  accepted: { ids: readonly string[] };
}

export interface SustainedRate<Result extends Loaded> {
  perSecond: number;
  /** Of the run that held. */
  costs: Record<string, Cost>;
  /** Every run that was made: their ids count too. */
  results: Result[];
}

export interface SustainOptions<Result extends Loaded> {
  run(perSecond: number | null, total: number): Promise<Result>;
  backlog: Backlog;
  /** Of the run that is to hold, and of the tries that look for its rate. */
  seconds: number;
  secondsPerTry: number;
  watch(): () => Record<string, Cost>;
  say(message: string): void;
}

/** Notifications sent at once to guess what the pipeline can do. */
const burst = 10_000;
/** The guess knows no steady state: the first try is above it, and the next above that while they hold. */
const above = 1.13;
const mostUp = 8;
/** Each try is this much slower than the one before. */
const step = 0.94;
const mostTries = 14;
/**
 * From the middle of a run to its end the backlog may grow by so much of the run's length, a second in a minute: what came
 * in meanwhile and was not yet counted. At least a quarter of a second's worth, which is what a glance at it may err by.
 */
const leeway = 1 / 60;
const leastLeewaySeconds = 0.25;

/** The highest rate that the whole pipeline keeps up with: everything accepted, and the backlog at the end no larger than in the middle. */
export async function findSustainedRate<Result extends Loaded>(
  options: SustainOptions<Result>,
): Promise<SustainedRate<Result>> {
  const { run, backlog, seconds, secondsPerTry, watch, say } = options;
  const results: Result[] = [];

  async function burstRate(): Promise<number> {
    const startedAt = performance.now();
    results.push(await run(null, burst));
    await backlog.drained();
    return (burst / (performance.now() - startedAt)) * 1_000;
  }

  async function holds(perSecond: number, length: number): Promise<boolean> {
    const total = Math.round(perSecond * length);
    const running = run(perSecond, total);
    await sleep(length * 500);
    const middle = await backlog.size();
    await sleep(length * 500);
    const end = await backlog.size();
    const result = await running;
    results.push(result);
    const isAll = result.accepted.ids.length === total;
    say(`${perSecond}/s for ${length.toFixed(0)} s: ${middle} under way in the middle, ${end} at the end`);
    await backlog.drained();
    return isAll && end - middle <= perSecond * Math.max(leastLeewaySeconds, length * leeway);
  }

  await burstRate(); // warms up
  const guess = await burstRate();
  say(`${burst} at once: ${Math.round(guess)}/s`);
  let perSecond = Math.round(guess * above);
  for (let tries = 0; tries < mostUp && (await holds(perSecond, secondsPerTry)); tries += 1)
    perSecond = Math.round(perSecond * above);
  perSecond = Math.round(perSecond * step);
  let isFound = false;
  for (let tries = 0; tries < mostTries; tries += 1) {
    if (!isFound) isFound = await holds(perSecond, secondsPerTry);
    if (isFound) {
      const stop = watch();
      const didHold = await holds(perSecond, seconds);
      const costs = stop();
      if (didHold) return { perSecond, costs, results };
    }
    perSecond = Math.round(perSecond * step);
  }
  throw new Error(`no rate down to ${perSecond}/s is sustained`);
}
