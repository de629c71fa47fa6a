import type { HttpFake, HttpFault } from "@tidings/tests/fakes/http-fake";
import { expect, vi } from "vitest";

/** What can befall a send, and the kind of outcome it must become. */
export const failures = {
  hang: "deferred",
  reset: "deferred",
  throttled: "deferred",
  unavailable: "deferred",
  refused: "rejected",
} as const;
export type Failure = keyof typeof failures;

/** A provider's other side: a fake of the vendor, and an account at it. */
export interface OtherSide {
  config: unknown;
  /** Has the next send fail. An answer is the address to send to instead of the usual one. */
  fail?(failure: Failure): string | undefined;
  /** Resolves once a send that hangs has got as far as it gets. */
  hangs?(): Promise<void>;
  /** The usual address, by channel. */
  to?: Record<string, string>;
  close(): Promise<void>;
}

/** Of a provider that has no other side. */
export const nothing: OtherSide = { config: {}, close: async () => {} };

/** The failures of a vendor whose API is HTTP. */
export function overHttp(fake: HttpFake, answers: Record<Exclude<Failure, "hang" | "reset">, HttpFault>) {
  const faults: Record<Failure, HttpFault> = { hang: "hang", reset: "reset", ...answers };
  const take = vi.spyOn(fake.script, "take");
  return {
    fail(failure: Failure): undefined {
      take.mockClear();
      fake.script.next(1, faults[failure]);
    },
    hangs: () => vi.waitFor(() => expect(take).toHaveBeenCalled()),
    close: fake.close,
  };
}
