import { setTimeout as sleep } from "node:timers/promises";
import { retryAfterSeconds } from "../../load/counting-http";
import type { Misconduct } from "../../load/sink-conduct";
import type { System } from "../../load/system";
import type { Fault } from "../fault";

/** Short enough that the eight attempts of a message last longer. */
const lastsSeconds = 3;
/** The limit of an attempt is 20 s; the rest is for a busy machine. */
const longestAttemptSeconds = 25;
/** Times are recorded in whole milliseconds, each rounded. */
const clockMs = 2;

/** Mail server and webhook receiver alike, for all that comes to them in that time. */
export const providerFaults: readonly Fault[] = [
  misbehaving("provider-hangs", "take requests and never answer", "hang", expectTimeLimit),
  misbehaving("provider-resets", "break connections off when the message is there", "reset"),
  misbehaving("provider-throttles", "answer 429 with Retry-After", 429, expectPatience),
  misbehaving("provider-fails", "answer 500", 500),
  misbehaving("provider-refuses", "answer 400", 400, expectTheirWords),
  misbehaving("provider-dies", "take messages and break off before they say so", "die"),
];

function misbehaving(name: string, what: string, misconduct: Misconduct, verify?: Fault["verify"]): Fault {
  return {
    name,
    does: `For ${lastsSeconds} s the receivers ${what}`,
    lastsSeconds,
    mayDouble: misconduct === "die" || misconduct === "hang",
    ...(verify && { verify }),
    async strike({ system: { sink } }) {
      await sink.ask("conduct", misconduct);
      await sleep(lastsSeconds * 1_000);
      await sink.ask("conduct", null);
    },
  };
}

/** Whatever a receiver does, an attempt ends before the lease of its claim does. */
async function expectTimeLimit({ database }: System, tenantIds: string[]): Promise<string> {
  const where = { tenantId: { in: tenantIds } };
  const { _max } = await database.attempt.aggregate({ where, _max: { durationMs: true } });
  const seconds = (_max.durationMs ?? 0) / 1_000;
  if (seconds > longestAttemptSeconds) throw new Error(`an attempt lasted ${seconds} s`);
  return `the longest attempt was given up after ${seconds.toFixed(1)} s`;
}

/** No attempt comes sooner than a receiver has asked for. */
async function expectPatience({ database }: System, tenantIds: string[]): Promise<string> {
  const attempts = await database.attempt.findMany({
    where: { tenantId: { in: tenantIds } },
    orderBy: { number: "asc" },
  });
  let repeated = 0;
  const earlier = new Map<string, (typeof attempts)[number]>();
  for (const attempt of attempts) {
    const before = earlier.get(attempt.deliveryId);
    earlier.set(attempt.deliveryId, attempt);
    if (!before?.reason?.startsWith("429")) continue;
    repeated += 1;
    const waitedMs = attempt.startedAt.getTime() - before.startedAt.getTime() - before.durationMs;
    if (waitedMs < retryAfterSeconds * 1_000 - clockMs)
      throw new Error(`an attempt came ${waitedMs} ms after a 429 that asked for ${retryAfterSeconds} s`);
  }
  if (![...earlier.values()].some(({ number }) => number > 1)) throw new Error("nothing was tried again");
  return `${repeated} attempts waited as long as a 429 had asked for`;
}

/** What is refused for good says why, in the receiver's words. */
async function expectTheirWords({ database }: System, tenantIds: string[]): Promise<string> {
  const where = { tenantId: { in: tenantIds }, status: "FAILED" };
  const failed = await database.delivery.groupBy({ by: ["reason"], where, _count: true });
  const reasons = failed.map(({ reason }) => reason ?? "").sort();
  if (reasons.join() !== "400 no,554 5.6.0 not this one") throw new Error(`reasons of failures: ${reasons.join("; ")}`);
  return `failures carry the receivers' words: ${reasons.join("; ")}`;
}
