import { describe, expect, it } from "vitest";
import { decideOutcome } from "./decide-outcome";

const facts = { round: 1, maxAttempts: 3, priority: 2, honoursIdempotencyKey: false, isInDoubt: false };

describe("decideOutcome", () => {
  it("records what the provider billed", () => {
    expect(decideOutcome(facts, { kind: "sent", providerMessageId: "m1", units: 3 })).toMatchObject({
      outcome: "sent",
      status: "SENT",
      providerMessageId: "m1",
      units: 3,
      retryInMs: null,
    });
  });

  it("tries again while attempts are left, and fails with the provider's words after the last", () => {
    const deferred = { kind: "deferred", reason: "451 busy" } as const;
    expect(decideOutcome(facts, deferred)).toMatchObject({ status: "QUEUED", retryInMs: expect.any(Number) });
    expect(decideOutcome({ ...facts, round: 3 }, deferred)).toMatchObject({
      status: "FAILED",
      reason: "451 busy",
      retryInMs: null,
    });
  });

  it("tries again without end while the account has no connection free: that is no attempt", () => {
    expect(decideOutcome({ ...facts, round: 3 }, { kind: "busy", reason: "all 10 are busy" })).toMatchObject({
      status: "QUEUED",
      outcome: "busy",
      retryInMs: expect.any(Number),
    });
  });

  it("does not call failed what an earlier attempt may have sent", () => {
    const last = { ...facts, round: 3, isInDoubt: true };
    expect(decideOutcome(last, { kind: "deferred", reason: "429" })).toMatchObject({
      status: "UNKNOWN",
      reason: "429",
    });
  });

  it("does not call skipped what an earlier attempt may have sent", () => {
    const skipped = { kind: "skipped", reason: "suppressed: STOP" } as const;
    expect(decideOutcome(facts, skipped)).toMatchObject({ status: "SKIPPED", reason: "suppressed: STOP" });
    expect(decideOutcome({ ...facts, isInDoubt: true }, skipped)).toMatchObject({
      status: "UNKNOWN",
      outcome: "skipped",
      reason: "suppressed: STOP; an attempt before may have gone through",
    });
  });

  it("says of an attempt whether anybody knows what came of it, also where it is repeated", () => {
    expect(decideOutcome(facts, { kind: "deferred", reason: "timeout", ambiguous: true })).toMatchObject({
      status: "QUEUED",
      outcome: "unknown",
    });
    expect(decideOutcome(facts, { kind: "deferred", reason: "421" })).toMatchObject({ outcome: "deferred" });
  });

  it("fails at once what will never work, unless an attempt before may have gone through", () => {
    const rejected = { kind: "rejected", reason: "no such user" } as const;
    expect(decideOutcome(facts, rejected)).toMatchObject({ status: "FAILED" });
    expect(decideOutcome({ ...facts, isInDoubt: true }, rejected)).toMatchObject({ status: "UNKNOWN" });
  });

  it("leaves bulk in doubt rather than send it twice, and repeats whatever else may be lost", () => {
    const doubtful = { kind: "deferred", reason: "timeout after the body", ambiguous: true } as const;
    expect(decideOutcome({ ...facts, priority: 3 }, doubtful)).toMatchObject({ status: "UNKNOWN", outcome: "unknown" });
    for (const priority of [0, 1, 2]) {
      expect(decideOutcome({ ...facts, priority }, doubtful)).toMatchObject({ status: "QUEUED" });
    }
    expect(decideOutcome({ ...facts, priority: 3, honoursIdempotencyKey: true }, doubtful)).toMatchObject({
      status: "QUEUED",
    });
  });
});
