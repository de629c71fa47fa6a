import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffMs } from "./backoff";

describe("backoffMs", () => {
  it("doubles its ceiling with each attempt, up to ten minutes", () => {
    const ceilings = [1, 2, 3, 4, 20].map((attempt) => backoffMs(attempt, 0, () => 0.999999999));
    expect(ceilings).toEqual([1_000, 2_000, 4_000, 8_000, 600_000]);
  });

  it("waits at least a tenth of a second, and never less than the provider asks", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.nat(3_600_000),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (attempt, asked, random) => {
          expect(backoffMs(attempt, asked, () => random)).toBeGreaterThanOrEqual(Math.max(100, asked));
        },
      ),
    );
  });

  it("does not wait for days because a provider says so", () => {
    expect(backoffMs(1, 86_400_000)).toBe(3_600_000);
  });

  it("refuses an attempt that is not counted from 1", () => {
    expect(() => backoffMs(0)).toThrow(RangeError);
  });
});
