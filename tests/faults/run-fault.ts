import { setTimeout as sleep } from "node:timers/promises";
import type { LoadTenant, System } from "../load/system";
import { countOutcome, countUnsettled, type Outcome } from "./count-outcome";
import type { Ending, Fault, ProbeAnswer, Scene } from "./fault";
import { faultBodies, faultLoad, perSecond } from "./load";
import { between, type Random } from "./random";

/** One repetition of a fault. */
export interface FaultResult extends Outcome {
  fault: string;
  /** Requests by what they were answered; 0 stands for no answer. */
  statuses: Record<number, number>;
  /** When it struck, in seconds after the load began. */
  struckAfterSeconds: number;
  /**
   * From when all that was taken away was back (after a kill: from the kill) until every process was, and the last
   * notification that had to wait was settled.
   */
  secondsToRecover: number;
  /** What the fault found besides; null when the figures say it all. */
  finding: string | null;
  /** What was not as promised, in words; empty when all was. */
  broken: string[];
}

export interface RunFaultOptions {
  system: System;
  fault: Fault;
  random: Random;
  /** Endings of our processes: the run adds to it as long as it lasts. */
  endings: readonly Ending[];
  /** Notifications are no more than this, for a quick look. */
  most: number;
}

/** How long the load goes on beside the fault itself. */
const loadSeconds = 12;
/** The moment of the strike lies between these. */
const earliestSeconds = 2;
const latestSeconds = 7;
/** Longest wait for the last one: the lease of a claim, and the sweeper's next look after that. */
const settleWithinMs = 150_000;

/** Load, strike, wait until all is settled, count. */
export async function runFault(options: RunFaultOptions): Promise<FaultResult> {
  const { system, fault } = options;
  const undo = await fault.prepare?.(system);
  try {
    return await strikeUnderLoad(options);
  } finally {
    await system.sink.ask("conduct", null);
    await undo?.();
  }
}

async function strikeUnderLoad({ system, fault, random, endings, most }: RunFaultOptions): Promise<FaultResult> {
  const { database, generator, sink } = system;
  const tenants = await system.createTenants(3, "live");
  const tenantIds = tenants.map((tenant) => tenant.id);
  await fault.equip?.(system, tenantIds);
  const earlier = endings.length;
  const broken: string[] = [];
  const probed: string[] = [];
  const bodies = faultBodies(system, fault.channels);
  const post = createProbe(system, tenants, bodies, (id) => probed.push(id));

  const total = Math.min(most, Math.round(perSecond * (loadSeconds + (fault.lastsSeconds ?? 0))));
  const loadEndsAtMs = Date.now() + (total / perSecond) * 1_000;
  const loading = generator.ask("generateLoad", faultLoad(system, tenants, { bodies, total }));
  const struckAfterSeconds = between(random, earliestSeconds, latestSeconds);
  await sleep(struckAfterSeconds * 1_000);
  const struckAtMs = Date.now();
  const noteFailure = (error: unknown) => {
    broken.push(error instanceof Error ? error.message : String(error));
    return null;
  };
  await fault.strike({ system, random, loadEndsAtMs, post, endings }).catch(noteFailure);
  const overAtMs = fault.lastsSeconds ? Date.now() : struckAtMs;
  const apiReadyAtMs = whenReady(system, overAtMs + settleWithinMs);
  const load = await loading;
  const deadlineMs = Date.now() + settleWithinMs;
  while ((await unsettled(system, tenantIds)) > 0 && Date.now() < deadlineMs) await sleep(250);

  const finding = (await fault.verify?.(system, tenantIds).catch(noteFailure)) ?? null;
  const accepted = [...load.accepted.ids, ...probed];
  const outcome = await countOutcome(database, tenantIds, accepted, await sink.ask("report"));
  const { statuses } = load;
  const ended = endings.slice(earlier);
  const backAtMs = ended.map((ending) => ending.backAtMs ?? Date.now());
  const recoveredAtMs = Math.max(overAtMs, await apiReadyAtMs, outcome.lastLateAtMs ?? 0, ...backAtMs);
  const secondsToRecover = (recoveredAtMs - overAtMs) / 1_000;
  broken.push(...brokenPromises(fault, outcome, statuses, ended, secondsToRecover));
  return { fault: fault.name, ...outcome, statuses, struckAfterSeconds, secondsToRecover, finding, broken };
}

function brokenPromises(
  fault: Fault,
  { lost, stuck, doubled, unexplained, deadLetters, miscounted }: Outcome,
  statuses: Record<number, number>,
  endings: readonly Ending[],
  secondsToRecover: number,
): string[] {
  const answers = Object.keys(statuses).map(Number);
  const allowed = fault.mayRefuse ? [202, 503, 0] : [202];
  const strange = answers.filter((status) => !allowed.includes(status));
  const crashed = endings.filter(({ how }) => how !== "SIGKILL" && how !== "exit code 0");
  return [
    lost > 0 && `${lost} lost`,
    stuck > 0 && `${stuck} stuck`,
    unexplained > 0 && `${unexplained} doubled whose sends were not cut off`,
    doubled > 0 && !fault.mayDouble && `${doubled} doubled, where nothing may be`,
    deadLetters > 0 && `${deadLetters} good messages became dead letters`,
    miscounted > 0 && `${miscounted} sums of usage differ from their rows counted afresh`,
    secondsToRecover > (fault.recoversWithinSeconds ?? Number.POSITIVE_INFINITY) &&
      `it took ${secondsToRecover.toFixed(1)} s to recover, not ${fault.recoversWithinSeconds} s at most`,
    strange.length > 0 &&
      `requests were answered ${strange.map((status) => `${status} (${statuses[status]})`).join(", ")}`,
    ...crashed.map((ending) => `${ending.process} ended by itself: ${ending.how}`),
  ].filter((broken) => broken !== false);
}

function createProbe(
  system: System,
  tenants: readonly LoadTenant[],
  bodies: readonly string[],
  onAccepted: (id: string) => void,
): Scene["post"] {
  let number = 1_000_000; // beyond the load's
  return async function post({ apiUrl = system.stack.connection.apiUrl, sendAt } = {}): Promise<ProbeAnswer> {
    number += 1;
    const key = tenants[number % tenants.length]?.key ?? "";
    const text = (bodies[number % bodies.length] ?? "").replaceAll("{n}", String(number));
    const body = sendAt ? JSON.stringify({ ...JSON.parse(text), sendAt }) : text;
    const headers = { "x-api-key": key, "content-type": "application/json", "idempotency-key": `probe-${number}` };
    const url = `${apiUrl}/v1/notifications`;
    try {
      const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(15_000) });
      const answer = (await response.json()) as { id?: string; code?: string };
      if (response.status === 202 && answer.id) onAccepted(answer.id);
      const hasRetryAfter = response.headers.has("retry-after");
      return { status: response.status, code: answer.code ?? null, hasRetryAfter };
    } catch {
      return { status: 0, code: null, hasRetryAfter: false }; // nobody answered, which the fault judges
    }
  };
}

/** When `/readyz` of the API first answers 200; the deadline when it does not until then. */
async function whenReady(system: System, deadlineMs: number): Promise<number> {
  while (Date.now() < deadlineMs) {
    if (await isReady(system)) return Date.now();
    await sleep(100);
  }
  return deadlineMs;
}

/** Whether `/readyz` of the API answers 200. */
export async function isReady(system: System): Promise<boolean> {
  const url = `${system.stack.connection.apiUrl}/readyz`;
  return await fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    (response) => response.ok,
    () => false, // not listening
  );
}

/** As long as Postgres can't be asked, everything is. */
async function unsettled({ database }: System, tenantIds: readonly string[]): Promise<number> {
  return await countUnsettled(database, tenantIds).catch(() => Number.POSITIVE_INFINITY);
}
