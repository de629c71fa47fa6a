import type { ReceiptRequest } from "@tidings/channels/receipt";
import { BatcherFull } from "@tidings/runtime/batcher";
import type { Logger } from "@tidings/runtime/logger";
import type { Metrics } from "@tidings/runtime/metrics";
import { Refusal } from "@tidings/shared/refusals";
import { createFailureLimit } from "../keys/failure-limit";
import { createFindReceiptAccount, type FindReceiptAccountDeps, type ReceiptAccount } from "./find-receipt-account";
import { createStoreReceiptCalls } from "./store-receipt-calls";
import { createStoreTracked } from "./store-tracked";
import { readTrackingToken, type Tracked } from "./tracking-links";

export interface ReceiptDoorDeps extends FindReceiptAccountDeps {
  /** Ranges that tenants' settings may reach although they are not public. */
  outboundAllow: readonly string[];
  logger: Logger;
  metrics: Metrics;
}

const windowMs = 60_000;
/** Forged calls of one address for one account, in a window. */
const maxForged = 30;
/** Tokens of nobody that one address may try in a window. */
const maxGuesses = 300;
const refusedMessage = "Too many calls that nobody signed.";

/**
 * Takes the calls by which providers tell what became of messages. Its key is the signature on each call. A call is answered
 * once it is stored; what it changes a consumer applies a moment later.
 */
export function createReceiptDoor(deps: ReceiptDoorDeps) {
  const { metrics, outboundAllow } = deps;
  const accounts = createFindReceiptAccount(deps);
  const calls = createStoreReceiptCalls(deps);
  const tracked = createStoreTracked(deps);
  const limitOf = (most: number) => createFailureLimit({ most, windowMs, message: refusedMessage, now: Date.now });
  const guesses = limitOf(maxGuesses);
  const forgeries = limitOf(maxForged);

  return {
    /**
     * Whose receipts a URL takes: asked before the body is read, so that strangers cost little.
     * @param caller the address that calls
     * @throws {Refusal} `not_found`; `rate_limited` after too many guesses or forgeries of this caller
     */
    async admit(provider: string, token: string, caller: string): Promise<ReceiptAccount> {
      const isGuess = accounts.wouldAsk(token);
      if (isGuess) guesses.check(caller);
      const account = await accounts.find(provider, token);
      if (!account) {
        if (isGuess) guesses.count(caller);
        throw new Refusal("not_found", "There is no such account.");
      }
      forgeries.check(`${account.id} ${caller}`);
      return account;
    },

    /**
     * Verifies a call, reads it and stores it.
     * @returns the text to answer with, when the provider only made sure that the URL is ours; else null
     * @throws {Refusal} `receipt_forged`, `receipt_unreadable`, `overloaded`
     */
    async take(account: ReceiptAccount, request: ReceiptRequest, caller: string): Promise<string | null> {
      const context = { outboundAllow, isTrusted: account.tenantId === null };
      const reading = await account.provider.receipts?.read(request, account.config, context);
      if (!reading) throw new Error(`${account.provider.id} reads no receipts`);
      metrics.receiptCalls.inc({ provider: account.provider.id, outcome: reading.kind });
      switch (reading.kind) {
        case "forged":
          forgeries.count(`${account.id} ${caller}`);
          throw new Refusal("receipt_forged", `The call was refused: ${reading.reason}.`);
        case "unreadable":
          throw new Refusal("receipt_unreadable", `The call could not be read: ${reading.reason}.`);
        case "handshake":
          return reading.answer;
        case "receipts":
          await calls.store({ ...reading, account, request }).catch(refuseOverload);
          return null;
      }
    },

    /** What the token of one of our own links or pictures stands for; null when it is not ours. */
    readTracked: (token: string): Tracked | null => readTrackingToken(deps.platformSecrets, token),

    /** Takes an open or a click. Neither throws nor waits: a person's click must not fail with us. */
    takeTracked(opened: Tracked): void {
      tracked.store(opened);
    },

    async close(): Promise<void> {
      await Promise.all([calls.drain(), tracked.drain()]);
    },
  };
}
export type ReceiptDoor = ReturnType<typeof createReceiptDoor>;

function refuseOverload(error: unknown): never {
  if (!(error instanceof BatcherFull)) throw error;
  throw new Refusal("overloaded", "Too many receipts wait to be written.", { retryAfterSeconds: 1, cause: error });
}
