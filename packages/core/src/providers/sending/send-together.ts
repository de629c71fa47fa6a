import { setMaxListeners } from "node:events";
import type { ConnectedAccount, Outgoing, SendOutcome } from "@tidings/channels/provider";
import { createBatcher } from "@tidings/runtime/batcher";

interface Waiting extends Outgoing {
  hasBegun: boolean;
}

/**
 * A provider that takes many at once gets together what is sent at the same time. Each message keeps its own deadline: the
 * call goes on for the others, until nobody waits for it any more.
 */
export function sendTogether(account: ConnectedAccount): ConnectedAccount {
  const { many, close } = account;
  if (!many) return account;
  const batcher = createBatcher<Waiting, SendOutcome>({
    maxBatch: many.max,
    concurrency: 4,
    gapMs: 20,
    maxWaiting: 10_000,
    async run(waiting) {
      const outgoing = waiting.filter(({ options }) => !options.signal.aborted);
      for (const one of outgoing) one.hasBegun = true;
      const outcomes = await whileAnyWaits(outgoing, (signal) => many.send(outgoing, signal));
      const left = outcomes.values();
      return waiting.map(({ hasBegun }) => (hasBegun ? (left.next().value as SendOutcome) : outOfTime));
    },
  });
  return {
    async send(message, options) {
      const waiting: Waiting = { message, options, hasBegun: false };
      return await orAbort(options.signal, batcher.add(waiting), () =>
        waiting.hasBegun
          ? { kind: "deferred", reason: "the provider did not answer in time", ambiguous: true }
          : outOfTime,
      );
    },
    ...(close && { close }),
  };
}

const outOfTime: SendOutcome = { kind: "busy", reason: "there was no time left to send it" };

/** Sends with a signal that aborts when those of all its messages have. */
async function whileAnyWaits(
  outgoing: readonly Outgoing[],
  send: (signal: AbortSignal) => Promise<SendOutcome[]>,
): Promise<SendOutcome[]> {
  if (outgoing.length === 0) return [];
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const signals = new Set(outgoing.map(({ options }) => options.signal));
  let left = signals.size;
  const leave = (event: Event) => {
    left -= 1;
    if (left === 0) controller.abort((event.target as AbortSignal).reason);
  };
  for (const signal of signals) signal.addEventListener("abort", leave, { once: true });
  try {
    return await send(controller.signal);
  } finally {
    for (const signal of signals) signal.removeEventListener("abort", leave);
  }
}

/** What comes of a promise, or something else once the signal aborts. */
async function orAbort<Result>(
  signal: AbortSignal,
  promise: Promise<Result>,
  otherwise: () => Result,
): Promise<Result> {
  let onAbort = () => {};
  const aborted = new Promise<Result>((resolve) => {
    onAbort = () => resolve(otherwise());
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
