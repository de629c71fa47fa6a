import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { kindColours, seriesColours } from "./chart-series";

const css = readFileSync(new URL("../app/globals.css", import.meta.url), "utf8");

/** What `var(--name)` is, in a theme. */
function colourOf(variable: string, theme: "light" | "dark"): string {
  const name = variable.slice("var(".length, -1);
  const [, light, dark] = css.match(new RegExp(`${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`)) ?? [];
  return (theme === "light" ? light : dark) ?? expect.fail(`globals.css has no ${name}`);
}

/** Relative luminance, 0…1: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (lighter + 0.05) / (darker + 0.05);
}

describe.each(["light", "dark"] as const)("what charts are drawn with in the %s theme", (theme) => {
  it.each(Object.entries(seriesColours))("stands out from the page: %s", (_, variable) => {
    expect(contrast(colourOf(variable, theme), colourOf("var(--color-surface)", theme))).toBeGreaterThanOrEqual(3);
  });

  it("differs in lightness, too, from each other kind", () => {
    const kinds = kindColours.map((kind) => colourOf(seriesColours[kind], theme));
    for (const [index, kind] of kinds.entries())
      for (const other of kinds.slice(index + 1)) expect(contrast(kind, other)).toBeGreaterThan(1.15);
  });
});
