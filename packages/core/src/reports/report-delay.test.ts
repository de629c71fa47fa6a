import { describe, expect, it, test } from "vitest";
import { reportDelayMs } from "./report-delay";

const minutes = 60_000;
const hours = 60 * minutes;
const middle = () => 0.5;

test.each([
  [1, 5_000],
  [2, 5 * minutes],
  [3, 30 * minutes],
  [4, 2 * hours],
  [5, 5 * hours],
  [6, 10 * hours],
  [7, 10 * hours],
  [8, null],
  [9, null],
])("after attempt %i that failed it waits %s ms", (attempt, delayMs) => {
  expect(reportDelayMs(attempt, undefined, middle)).toBe(delayMs);
});

test("a tenth of a wait in either direction is left to chance", () => {
  expect(reportDelayMs(1, undefined, () => 0)).toBe(4_500);
  expect(reportDelayMs(1, undefined, () => 1)).toBe(5_500);
});

describe("a wait that the endpoint asked for", () => {
  it("counts when it is longer than ours", () => {
    expect(reportDelayMs(1, 60_000, middle)).toBe(60_000);
    expect(reportDelayMs(2, 60_000, middle)).toBe(5 * minutes);
  });

  it("is a day at most, and gives no more attempts than there are", () => {
    expect(reportDelayMs(1, 1e12, middle)).toBe(24 * hours);
    expect(reportDelayMs(8, 1_000, middle)).toBeNull();
  });
});
