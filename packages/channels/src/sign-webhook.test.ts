import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { isSigningSecret, signWebhook } from "./sign-webhook";

const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 0xfb).toString("base64")}`;
const [secret, other] = [secretOf(24), secretOf(64)];
const body = JSON.stringify({ type: "delivery.sent", data: { address: "zoë@example.com" } });
const now = () => Math.floor(Date.now() / 1_000);
const sign = (secrets: readonly string[], timestampSeconds = now()) =>
  signWebhook(secrets, { id: "rpt_1", timestampSeconds, body });

test("a receiver that goes by Standard Webhooks takes it", () => {
  expect(new Webhook(secret).verify(body, sign([secret]))).toEqual(JSON.parse(body));
});

test("while two secrets are valid a receiver may know either", () => {
  const headers = sign([secret, other]);
  expect(headers["webhook-signature"]?.split(" ")).toHaveLength(2);
  for (const known of [secret, other]) expect(new Webhook(known).verify(body, headers)).toBeTruthy();
});

test("a receiver refuses another secret, another body, another id and an old time", () => {
  const receiver = new Webhook(secret);
  expect(() => receiver.verify(body, sign([other]))).toThrow();
  expect(() => receiver.verify(`${body} `, sign([secret]))).toThrow();
  expect(() => receiver.verify(body, { ...sign([secret]), "webhook-id": "rpt_2" })).toThrow();
  expect(() => receiver.verify(body, sign([secret], now() - 3_600))).toThrow();
});

test("the specification's example comes out to the letter", () => {
  // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
  const headers = signWebhook(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], {
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    timestampSeconds: 1_614_265_330,
    body: '{"test": 2432232314}',
  });
  expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

test("without a secret there is no signature", () => {
  expect(Object.keys(sign([]))).toEqual(["webhook-id", "webhook-timestamp"]);
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
