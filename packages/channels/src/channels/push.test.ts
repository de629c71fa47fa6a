import { createECDH } from "node:crypto";
import { expect, test } from "vitest";
import { push, pushServiceOf } from "./push";

const ecdh = createECDH("prime256v1");
const p256dh = ecdh.generateKeys("base64url");
const auth = Buffer.alloc(16, 7).toString("base64url");
const endpoint = "https://push.example.com/send/abc";
const { schema } = push.addressField;
const messageOf = (text: string) => schema.safeParse(text).error?.issues[0]?.message;

test.each(["device-token-1", "fcm:APA91b_x-1", "ab".repeat(32)])("%s is a device token", (token) => {
  expect(schema.parse(token)).toBe(token);
});

test("a browser's subscription is kept in one form, however it was written", () => {
  const canonical = JSON.stringify({ endpoint, keys: { p256dh, auth } });
  const padded = Buffer.from(p256dh, "base64url").toString("base64");
  const asTheBrowserHasIt = { keys: { auth: `${auth}==`, p256dh: padded }, endpoint, expirationTime: null };
  expect(schema.parse(JSON.stringify(asTheBrowserHasIt, null, 2))).toBe(canonical);
  expect(schema.parse(canonical)).toBe(canonical);
});

test.each([
  ["{", "it: Invalid input"],
  [JSON.stringify({ endpoint: "http://push.example.com/", keys: { p256dh, auth } }), "endpoint: must be an https URL"],
  [
    JSON.stringify({ endpoint: "https://u:p@push.example.com/", keys: { p256dh, auth } }),
    "endpoint: must carry no cred",
  ],
  [JSON.stringify({ endpoint, keys: { p256dh: auth, auth } }), "keys.p256dh: must be 65 bytes"],
  [
    JSON.stringify({ endpoint, keys: { p256dh: Buffer.alloc(65, 4).toString("base64url"), auth } }),
    "keys.p256dh: must be a point of P-256",
  ],
  [JSON.stringify({ endpoint, keys: { p256dh, auth: "YQ" } }), "keys.auth: must be 16 bytes"],
  [JSON.stringify({ endpoint }), "keys: Invalid input"],
  [
    JSON.stringify({ endpoint: endpoint + "x".repeat(2_000), keys: { p256dh, auth } }),
    "it must have at most 2048 bytes",
  ],
])("%s is refused with the reason", (text, fault) => {
  expect(messageOf(text)).toContain(`must be a device token, or a web push subscription as JSON; ${fault}`);
});

test("what is neither is refused", () => {
  expect(messageOf("a b")).toBe("must be a device token, or a web push subscription as JSON");
});

test.each([
  ["ab".repeat(32), "apns"],
  ["AB".repeat(80), "apns"],
  ["ab".repeat(31), "fcm"],
  [`${"ab".repeat(31)}zz`, "fcm"],
  ["fcm:APA91b", "fcm"],
  ['{"endpoint":', "web-push"],
])("%s belongs to %s", (address, service) => {
  expect(pushServiceOf(address)).toBe(service);
});
