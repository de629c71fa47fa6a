import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { isSigningSecret, signWebhook } from "./sign-webhook";

const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 0xfb).toString("base64")}`;
const [secret, other] = [secretOf(24), secretOf(64)];
const body = '{"order":"ø 7"}';
const message = () => ({ id: "dlv_1", timestampSeconds: Math.floor(Date.now() / 1_000), body });

test("a receiver verifies it with either of two secrets, and with no other", () => {
  const headers = signWebhook([secret, other], message());
  for (const one of [secret, other]) expect(new Webhook(one).verify(body, headers)).toEqual({ order: "ø 7" });
  expect(() => new Webhook(secretOf(32)).verify(body, headers)).toThrow();
  expect(() => new Webhook(secret).verify(body.replace("7", "8"), headers)).toThrow();
});

test("without a secret there is no signature", () => {
  expect(Object.keys(signWebhook([], message()))).toEqual(["webhook-id", "webhook-timestamp"]);
});

test.each([
  [secretOf(24), true],
  [secretOf(64), true],
  [secretOf(23), false],
  [secretOf(65), false],
  [secret.replace("whsec_", ""), false],
  [`${secret} `, false],
  [secret.replaceAll("+", "-"), false],
])("%s is a signing secret: %s", (text, is) => {
  expect(isSigningSecret(text)).toBe(is);
});
