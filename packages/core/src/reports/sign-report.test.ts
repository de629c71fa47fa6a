import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { generateEndpointSecret } from "../endpoints/endpoint-secret";
import { signReport } from "./sign-report";

const body = JSON.stringify({ type: "delivery.sent", data: { address: "zoë@example.com" } });
const now = () => Math.floor(Date.now() / 1_000);
const sign = (secrets: readonly string[], timestampSeconds = now()) =>
  signReport(secrets, { id: "rpt_1", timestampSeconds, body });

test("a receiver that goes by Standard Webhooks takes it", () => {
  const secret = generateEndpointSecret();
  expect(new Webhook(secret).verify(body, sign([secret]))).toEqual(JSON.parse(body));
});

test("while two secrets are valid a receiver may know either", () => {
  const secrets = [generateEndpointSecret(), generateEndpointSecret()];
  const headers = sign(secrets);
  expect(headers["webhook-signature"].split(" ")).toHaveLength(2);
  for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toBeTruthy();
});

test("a receiver refuses another secret, another body, another id and an old time", () => {
  const secret = generateEndpointSecret();
  const receiver = new Webhook(secret);
  expect(() => receiver.verify(body, sign([generateEndpointSecret()]))).toThrow();
  expect(() => receiver.verify(`${body} `, sign([secret]))).toThrow();
  expect(() => receiver.verify(body, { ...sign([secret]), "webhook-id": "rpt_2" })).toThrow();
  expect(() => receiver.verify(body, sign([secret], now() - 3_600))).toThrow();
});

test("the specification's example comes out to the letter", () => {
  // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
  const headers = signReport(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], {
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    timestampSeconds: 1_614_265_330,
    body: '{"test": 2432232314}',
  });
  expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});
