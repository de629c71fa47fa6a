import { expect, test } from "vitest";
import { createTally } from "./tally";

test("counts by id, and forgets the oldest ids but not the total", () => {
  const tally = createTally(3);
  for (const id of ["a", "b", "b", "c", "d"]) tally.add(id);
  expect([tally.of("a"), tally.of("b"), tally.of("d"), tally.total]).toEqual([0, 2, 1, 5]);
  expect(tally.repeated()).toEqual([["b", 2]]);
  expect([...tally.ids()]).toEqual(["b", "c", "d"]);
});
