import { generateKeyPairSync } from "node:crypto";
import { createApnsFake, problem } from "@tidings/tests/fakes/apns-fake";
import { type OtherSide, overHttp } from "./other-side";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

export async function apnsSide(): Promise<OtherSide> {
  const fake = await createApnsFake({ keys: { ABC1234567: publicKey }, topic: "test.acme.app" });
  return {
    config: {
      keyId: "ABC1234567",
      teamId: "TEAM123456",
      privateKey: privateKey.export({ type: "pkcs8", format: "pem" }),
      topic: "test.acme.app",
      apiUrl: fake.url,
    },
    to: { push: "ab".repeat(32) },
    ...overHttp(fake, {
      throttled: problem(429, "TooManyRequests"),
      unavailable: problem(503, "ServiceUnavailable"),
      refused: problem(410, "Unregistered", { timestamp: 1_700_000_000_000 }),
    }),
  };
}
