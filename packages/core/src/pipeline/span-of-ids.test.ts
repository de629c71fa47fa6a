import { newUuid } from "@tidings/shared/ids";
import { expect, it } from "vitest";
import { spanOfIds } from "./span-of-ids";

it("spans ids in any order, and one alone", () => {
  const [first, middle, last] = [newUuid(), newUuid(), newUuid()];
  expect(spanOfIds([middle, last, first])).toEqual({ first, last });
  expect(spanOfIds([middle])).toEqual({ first: middle, last: middle });
});
