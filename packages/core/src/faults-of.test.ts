import { expect, it } from "vitest";
import { z } from "zod";
import { faultsOf } from "./faults-of";

const faults = (schema: z.ZodType, value: unknown) => faultsOf(schema.safeParse(value).error as z.ZodError, "/body");

it("points into the value, with names escaped, and names each unknown field", () => {
  const schema = z.strictObject({ "a/b": z.array(z.int()) });
  expect(faults(schema, { "a/b": [1, "two"], more: 1, "c~d": 2 })).toMatchObject([
    { pointer: "/body/a~1b/1" },
    { pointer: "/body/more", message: "is not a known field" },
    { pointer: "/body/c~0d", message: "is not a known field" },
  ]);
});

it("tells of a union what is wrong with the form that was meant", () => {
  const circle = z.strictObject({ radius: z.number().max(9, "is too wide") });
  const box = z.strictObject({ width: z.number(), height: z.number() });
  const schema = z.object({ shapes: z.array(z.union([circle, box])) });
  const wide = { pointer: "/body/shapes/1/radius", message: "is too wide" };
  expect(faults(schema, { shapes: [{ width: 1, height: 2 }, { radius: 10 }] })).toEqual([wide]);
  expect(faults(schema, { shapes: [{ width: 1 }] })).toMatchObject([{ pointer: "/body/shapes/0/height" }]);
});
