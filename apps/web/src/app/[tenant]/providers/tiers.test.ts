import { expect, it } from "vitest";
import { droppedOn, joinedUp, movedBy, tiersOf } from "./tiers";

const tiers = (text: string) => text.split(" ").map((tier) => [...tier].map((id) => ({ id })));
const text = (of: readonly (readonly { id: string }[])[]) =>
  of.map((tier) => tier.map(({ id }) => id).join("")).join(" ");

it("reads tiers from the accounts' orders", () => {
  const accounts = [
    { id: "c", order: 7 },
    { id: "b", order: 0 },
    { id: "a", order: 0 },
  ];
  expect(text(tiersOf(accounts))).toBe("ab c");
});

it.each([
  ["a b c", "b", -1, "b a c"],
  ["a b c", "b", 1, "a c b"],
  ["a b c", "a", -1, "a b c"],
  ["a b c", "c", 1, "a b c"],
  ["ab c", "b", -1, "b a c"],
  ["ab c", "a", 1, "b a c"],
] as const)("%s: moving %s by %i gives %s", (before, id, step, after) => {
  expect(text(movedBy(tiers(before), id, step))).toBe(after);
});

it.each([
  ["a b c", "c", "a", "c a b"],
  ["a b c", "a", "c", "b c a"],
  ["ab c", "c", "b", "c ab"],
  ["a b", "a", "a", "a b"],
])("%s: dropping %s on %s gives %s", (before, id, onto, after) => {
  expect(text(droppedOn(tiers(before), id, onto))).toBe(after);
});

it("lets one share with the tier above, and the first one stay", () => {
  expect(text(joinedUp(tiers("a b c"), "b"))).toBe("ab c");
  expect(text(joinedUp(tiers("a b c"), "a"))).toBe("a b c");
});
