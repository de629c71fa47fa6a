import { expect, test } from "vitest";
import { lineDiff } from "./line-diff";

const signs = { same: " ", added: "+", removed: "-" };
const drawn = (before: string, after: string) => lineDiff(before, after).map(({ kind, text }) => signs[kind] + text);

test("keeps what both have and shows what was removed before what was added", () => {
  expect(drawn("a\nb\nc", "a\nx\nc\nd")).toEqual([" a", "-b", "+x", " c", "+d"]);
});

test("finds what stayed between changes", () => {
  expect(drawn("1\n2\n3\n4\n5", "0\n2\n4\n6")).toEqual(["-1", "+0", " 2", "-3", " 4", "-5", "+6"]);
});

test("keeps as many lines as can be kept in order", () => {
  expect(drawn("c\nd\na\nb\nd", "a\nb\nc\nd")).toEqual(["-c", "-d", " a", " b", "+c", " d"]);
  expect(drawn("a\nb\nc\nd", "c\nd\na\nb\nc\ne")).toEqual(["+c", "+d", " a", " b", " c", "-d", "+e"]);
});

test("both texts can be had back from it", () => {
  const before = "the\nquick\nquick\nfox\n";
  const after = "the\nslow\nquick\nbrown\nfox";
  const lines = lineDiff(before, after);
  const without = (kind: string) => lines.filter((line) => line.kind !== kind).map(({ text }) => text);
  expect(without("added").join("\n")).toBe(before);
  expect(without("removed").join("\n")).toBe(after);
});
