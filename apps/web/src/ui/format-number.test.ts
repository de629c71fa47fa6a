import { expect, test } from "vitest";
import { formatDuration, formatMoney, formatShare } from "./format-number";

test("only all of it is 100 %", () => {
  expect([1, 0.9999, 0.5, 0].map(formatShare)).toEqual(["100%", "99.9%", "50%", "0%"]);
});

test("durations have the unit they are read in", () => {
  expect([0.4, 850, 1_240, 61_000, 7_200_000].map(formatDuration)).toEqual([
    "<1 ms",
    "850 ms",
    "1.2 s",
    "1 min",
    "2 h",
  ]);
});

test("money knows how many digits a currency has", () => {
  expect([formatMoney(1250, "EUR"), formatMoney(1250, "JPY")]).toEqual(["€12.50", "¥1,250"]);
});
