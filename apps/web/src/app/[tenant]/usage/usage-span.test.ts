import { describe, expect, it } from "vitest";
import { daysOf, usageSpanOf } from "./usage-span";

const now = new Date("2026-03-01T00:30:00Z");

describe("usageSpanOf", () => {
  it.each([
    ["month", "2026-03-01", "2026-03-01"],
    ["last-month", "2026-02-01", "2026-02-28"],
    ["30d", "2026-01-31", "2026-03-01"],
    ["2026-02-03..2026-02-05", "2026-02-03", "2026-02-05"],
    ["2026-02-05..2026-02-03", "2026-02-03", "2026-02-05"],
    ["2026-02-03..", "2026-02-03", "2026-03-01"],
    ["..2026-02-03", "2026-02-01", "2026-02-03"],
    ["2020-01-01..2026-02-03", "2025-02-03", "2026-02-03"],
    ["2026-13-01..x", "2026-03-01", "2026-03-01"],
    ["constructor", "2026-03-01", "2026-03-01"],
  ])("reads %s", (text, from, to) => {
    expect(usageSpanOf(text, now)).toEqual({ from, to });
  });

  it("asks for no more days than the server adds up", () => {
    expect(daysOf(usageSpanOf("2020-01-01..2026-02-03", now))).toHaveLength(366);
    expect(daysOf(usageSpanOf("365d", now))).toHaveLength(365);
  });
});
