import { modes } from "@tidings/shared/modes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generateKey, keyPrefix, parseKey } from "./key-format";

const anyCharacter = fc.oneof(
  fc.constantFrom(..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"),
  fc.string({ minLength: 1, maxLength: 1, unit: "binary" }),
);

describe("parseKey", () => {
  it.each(modes)("reads what generateKey wrote, in %s mode", (mode) => {
    const { text, ...parts } = generateKey(mode);
    expect(parseKey(text)).toEqual({ ...parts, mode });
    expect(text).toMatch(/^tdg_(live|test)_[0-9A-Za-z]{16}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
  });

  it("refuses a key with any single character changed", () => {
    const { text } = generateKey("live");
    const change = fc.tuple(fc.nat(text.length - 1), anyCharacter).filter(([at, to]) => text[at] !== to);
    fc.assert(
      fc.property(change, ([at, to]) => parseKey(text.slice(0, at) + to + text.slice(at + 1)) === null),
      { numRuns: 5_000 },
    );
  });

  it("refuses two neighbours swapped, and a key cut off or grown", () => {
    const { text } = generateKey("test");
    const swapped = Array.from(
      { length: text.length - 1 },
      (_, at) => text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2),
    );
    const resized = [text.slice(1), text.slice(0, -1), `${text}0`, ` ${text}`, `${text}\n`, ""];
    for (const wrong of [...swapped.filter((other) => other !== text), ...resized]) {
      expect(parseKey(wrong), wrong).toBeNull();
    }
  });
});

describe("generateKey", () => {
  it("never gives the same id or secret twice", () => {
    const keys = Array.from({ length: 1_000 }, () => generateKey("live"));
    expect(new Set(keys.map(({ keyId }) => keyId)).size).toBe(1_000);
    expect(new Set(keys.map(({ secret }) => secret)).size).toBe(1_000);
  });
});

it("shows of a key its beginning and nothing of its secret", () => {
  const key = generateKey("live");
  expect(key.text.startsWith(keyPrefix(key).slice(0, -1))).toBe(true);
  expect(keyPrefix(key)).toHaveLength("tdg_live_".length + 16 + 2);
});
