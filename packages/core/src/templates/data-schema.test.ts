import { describe, expect, it, test } from "vitest";
import { checkDataSchema, compileDataSchema } from "./data-schema";

const order = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  required: ["orderId", "carrier", "address"],
  additionalProperties: false,
  properties: {
    orderId: { type: "string", minLength: 1 },
    carrier: { enum: ["FedEx", "UPS"] },
    address: { $ref: "#/$defs/address" },
    "a/b": { type: "number" },
  },
  $defs: {
    address: {
      type: "object",
      required: ["city"],
      properties: { city: { type: "string" }, email: { format: "email" } },
    },
  },
};
const good = { orderId: "1", carrier: "UPS", address: { city: "Lisbon" } };

describe("compileDataSchema", () => {
  const check = compileDataSchema(order);

  it("finds nothing wrong with good data", () => {
    expect(checkDataSchema(order)).toEqual([]);
    expect(check(good)).toEqual([]);
  });

  test.each<[string, unknown, { pointer: string; message: string }[]]>([
    [
      "all that is missing",
      { orderId: "1" },
      [
        { pointer: "/carrier", message: "is missing" },
        { pointer: "/address", message: "is missing" },
      ],
    ],
    ["what is missing deeper", { ...good, address: {} }, [{ pointer: "/address/city", message: "is missing" }]],
    ["a wrong type", { ...good, orderId: 1 }, [{ pointer: "/orderId", message: "must be string" }]],
    [
      "a wrong format",
      { ...good, address: { city: "x", email: "x" } },
      [{ pointer: "/address/email", message: 'must match format "email"' }],
    ],
    ["an unknown field", { ...good, "x/y": 1 }, [{ pointer: "/x~1y", message: "is not a known field" }]],
    [
      "what every object inherits",
      { ...good, address: { city: "x" }, orderId: undefined, toString: 1 },
      [{ pointer: "/orderId", message: "is missing" }],
    ],
  ])("points at %s", (_name, data, faults) => {
    const json = JSON.parse(JSON.stringify(data));
    expect(check(json).slice(0, faults.length)).toEqual(faults);
  });

  it("knows draft-07", () => {
    const schema = {
      $schema: "http://json-schema.org/draft-07/schema#",
      items: [{ type: "string" }],
      additionalItems: false,
    };
    expect(checkDataSchema(schema)).toEqual([]);
    expect(compileDataSchema(schema)(["a", 1])).toEqual([{ pointer: "", message: "must NOT have more than 1 items" }]);
  });
});

describe("checkDataSchema", () => {
  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, n) => [
      `d${n}`,
      { allOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
    ]),
  );
  const deep = JSON.parse(`${'{"not":'.repeat(30_000)}{}${"}".repeat(30_000)}`);

  test.each<[string, Record<string, unknown>, string, RegExp]>([
    ["a wrong type name", { type: "text" }, "", /type must be equal to one of the allowed values/],
    ["an unknown keyword", { properties: { a: { typo: 1 } } }, "/properties/a/typo", /not a keyword/],
    [
      "a regular expression",
      { properties: { a: { pattern: "(a+)+$" } } },
      "/properties/a/pattern",
      /longer than a request may/,
    ],
    ["regular expressions for names", { patternProperties: {} }, "/patternProperties", /longer than a request may/],
    ["items compared with each other", { uniqueItems: true }, "/uniqueItems", /longer than a request may/],
    ["a schema elsewhere", { $ref: "https://x.test/schema" }, "/$ref", /definition of this schema/],
    ["a reference to itself", { $ref: "#" }, "/$ref", /definition of this schema/],
    ["a definition that isn't there", { $ref: "#/$defs/nope" }, "", /can't resolve reference/],
    [
      "a definition of itself",
      { $ref: "#/$defs/a", $defs: { a: { not: { $ref: "#/$defs/a" } } } },
      "",
      /leads back to itself/,
    ],
    ["definitions that double", { $ref: "#/$defs/d0", $defs: { ...doubling, d40: {} } }, "", /^comes to \d+ parts/],
    ["a long list", { enum: Array.from({ length: 5_000 }, (_, n) => n) }, "", /^comes to 5001 parts/],
    ["an unknown format", { format: "regex" }, "", /unknown format "regex"/],
    ["an id within", { properties: { a: { $id: "x" } } }, "/properties/a/$id", /not a keyword/],
    ["an unknown dialect", { $schema: "https://x.test/" }, "", /no schema with key or ref/],
    ["great depth", deep, "/not".repeat(51), /nested deeper than 50/],
  ])("refuses %s", (_name, schema, pointer, message) => {
    expect(checkDataSchema(schema)[0]).toEqual({ pointer, message: expect.stringMatching(message) });
  });

  it("accepts a definition that is used often, but not too often", () => {
    const properties = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`p${n}`, { $ref: "#/$defs/a" }]));
    expect(checkDataSchema({ properties, $defs: { a: { type: "string" } } })).toEqual([]);
  });
});
