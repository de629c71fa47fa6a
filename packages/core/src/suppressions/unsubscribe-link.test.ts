import { randomBytes } from "node:crypto";
import { firstUuidAt, newUuid } from "@tidings/shared/ids";
import fc from "fast-check";
import { expect, it } from "vitest";
import { readUnsubscribeToken, type UnsubscribeTarget, unsubscribeUrl } from "./unsubscribe-link";

const platformSecret = randomBytes(32);
const publicUrl = "https://api.example.com";
const ann = {
  tenantId: newUuid(),
  mode: "live",
  channel: "email",
  address: "ann@example.com",
  category: null,
} as const;
const tokenOf = (target: UnsubscribeTarget, notificationId = newUuid()) =>
  unsubscribeUrl({ ...target, notificationId }, { publicUrl, platformSecret }).replace(`${publicUrl}/u/`, "");

it("reads back what the link was made of, whatever the address", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "grapheme" }), fc.constantFrom(null, "offers"), (address, category) => {
      const target = { ...ann, address, category };
      expect(readUnsubscribeToken([platformSecret], tokenOf(target))).toEqual(target);
    }),
  );
});

it("is the same when a mail is sent again, and another in another mail", () => {
  const notificationId = newUuid();
  expect(tokenOf(ann, notificationId)).toBe(tokenOf(ann, notificationId));
  const others = [{ address: "bob@example.com" }, { category: "offers" }, { tenantId: newUuid() }];
  const tokens = others.map((other) => tokenOf({ ...ann, ...other }, notificationId));
  const nonces = [...tokens, tokenOf(ann, notificationId), tokenOf(ann)].map((token) => token.slice(0, 16));
  expect(new Set(nonces).size).toBe(5);
});

it("shows nobody who it is for", () => {
  const bytes = Buffer.from(tokenOf(ann), "base64url");
  expect(bytes.includes("ann@")).toBe(false);
  expect(bytes.includes(Buffer.from(ann.tenantId.replaceAll("-", ""), "hex"))).toBe(false);
  expect(unsubscribeUrl({ ...ann, notificationId: newUuid() }, { publicUrl: `${publicUrl}/`, platformSecret })).toMatch(
    /^https:\/\/api\.example\.com\/u\/[\w-]+$/,
  );
});

it("believes no token that was changed, cut, made up or made with another secret", () => {
  const token = tokenOf(ann);
  for (let at = 0; at < token.length; at += 1) {
    const changed = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
    expect(readUnsubscribeToken([platformSecret], changed)).toBeNull();
    expect(readUnsubscribeToken([platformSecret], token.slice(0, at))).toBeNull();
  }
  expect(readUnsubscribeToken([randomBytes(32)], token)).toBeNull();
  expect(readUnsubscribeToken([platformSecret], `${token}=`)).toBeNull();
});

it("works after the platform's secret was changed, and for three years", () => {
  const nowMs = Date.now();
  expect(readUnsubscribeToken([randomBytes(32), platformSecret], tokenOf(ann))).toEqual(ann);
  const daysMs = (days: number) => days * 24 * 60 * 60 * 1_000;
  const token = tokenOf(ann, firstUuidAt(nowMs));
  expect(readUnsubscribeToken([platformSecret], token, nowMs + daysMs(3 * 365 - 1))).toEqual(ann);
  expect(readUnsubscribeToken([platformSecret], token, nowMs + daysMs(3 * 365 + 1))).toBeNull();
});
