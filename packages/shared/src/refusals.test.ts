import { expect, test, vi } from "vitest";
import { Refusal } from "./refusals";

test("is recognised although it comes from another copy of the module", async () => {
  vi.resetModules();
  const copy = await import("./refusals");
  expect(copy.Refusal).not.toBe(Refusal);
  expect(new copy.Refusal("not_found", "There is nothing.")).toBeInstanceOf(Refusal);
  expect(new Error("There is nothing.")).not.toBeInstanceOf(Refusal);
});
