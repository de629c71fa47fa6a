import { expect, test } from "vitest";
import { dateRangeOf, dateRangeWords } from "./date-range";

const now = new Date("2026-11-21T12:00:00Z");

test("a preset ends now", () => {
  expect(dateRangeOf("24h", now)).toEqual({ from: new Date("2026-11-20T12:00:00Z"), to: null });
});

test("days include the last one, and either end may be open", () => {
  expect(dateRangeOf("2026-11-01..2026-11-05", now)).toEqual({
    from: new Date("2026-11-01T00:00:00Z"),
    to: new Date("2026-11-06T00:00:00Z"),
  });
  expect(dateRangeOf("2026-11-01..", now)).toEqual({ from: new Date("2026-11-01T00:00:00Z"), to: null });
});

test("anything else is no range", () => {
  for (const text of ["", "..", "yesterday", "2026-13-01..", "2026-11-01..x", "a..b..c"]) {
    expect(dateRangeOf(text, now)).toBeNull();
  }
});

test("says a range in words", () => {
  expect(["7d", "2026-11-01..", "..2026-11-05", "2026-11-01..2026-11-01"].map(dateRangeWords)).toEqual([
    "Last 7 days",
    "since 2026-11-01",
    "until 2026-11-05",
    "2026-11-01",
  ]);
});
