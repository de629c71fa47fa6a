import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { faults } from "./registry";

const page = readFileSync(new URL("../../docs/reliability.md", import.meta.url), "utf8");
const [, described = ""] = page.split("## The faults");

it.each(faults.map(({ name }) => name))("the guide says what %s plays", (name) => {
  // Those of a family may be named by their ends: `provider-hangs`, `-resets`.
  const isNamed = described.includes(`\`${name}\``) || described.includes(`\`${name.replace(/^[^-]+/, "")}\``);
  expect(isNamed).toBe(true);
});
