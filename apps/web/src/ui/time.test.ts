import { expect, test } from "vitest";
import { relative } from "./time";

const now = Date.parse("2026-11-21T12:00:00Z");

test.each([
  [0, "now"],
  [-12_000, "12 s ago"],
  [-90_000, "1 min ago"],
  [3 * 3_600_000, "in 3 h"],
  [-2 * 86_400_000, "2 d ago"],
  [-20 * 86_400_000, "Nov 1"],
  [-400 * 86_400_000, "Oct 17, 2025"],
])("%d ms from now reads %s", (apartMs, text) => {
  expect(relative(now + apartMs, now)).toBe(text);
});
