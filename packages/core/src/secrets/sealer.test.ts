import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createSealer } from "./sealer";

const secret = randomBytes(32);
const context = { tenantId: "t1", field: "endpoint.e1.secret" };

test("what was sealed opens again, and never looks the same twice", () => {
  const sealer = createSealer([secret]);
  const [first, second] = [sealer.seal("whsec_ünïcode", context), sealer.seal("whsec_ünïcode", context)];
  expect(first).not.toBe(second);
  expect(first).not.toContain("whsec");
  expect(sealer.open(first, context)).toBe("whsec_ünïcode");
});

test.each([
  ["another tenant's row", { ...context, tenantId: "t2" }],
  ["another field", { ...context, field: "endpoint.e1.headers" }],
])("it does not open in %s", (_, elsewhere) => {
  const sealer = createSealer([secret]);
  const sealed = sealer.seal("secret", context);
  expect(() => sealer.open(sealed, elsewhere)).toThrow();
});

test("a changed byte is noticed", () => {
  const sealer = createSealer([secret]);
  const sealed = sealer.seal("secret", context);
  const at = sealed.length - 4;
  const changed = sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
  expect(() => sealer.open(changed, context)).toThrow();
});

test("a secret before the current one still opens, is stale, and seals nothing", () => {
  const next = randomBytes(32);
  const old = createSealer([secret]).seal("secret", context);
  const sealer = createSealer([next, secret]);
  expect(sealer.open(old, context)).toBe("secret");
  expect(sealer.isStale(old)).toBe(true);
  const renewed = sealer.seal("secret", context);
  expect(sealer.isStale(renewed)).toBe(false);
  expect(() => createSealer([secret]).open(renewed, context)).toThrow(/TIDINGS_PREVIOUS_SECRETS/);
});
