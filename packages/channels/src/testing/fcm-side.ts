import { generateKeyPairSync } from "node:crypto";
import { createFcmFake, problem as fcmProblem } from "@tidings/tests/fakes/fcm-fake";
import { type OtherSide, overHttp } from "./other-side";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

export async function fcmSide(): Promise<OtherSide> {
  const fake = await createFcmFake();
  const private_key = privateKey.export({ type: "pkcs8", format: "pem" });
  return {
    config: {
      serviceAccount: { project_id: "acme", client_email: "push@acme.test", private_key },
      apiUrl: fake.url,
    },
    ...overHttp(fake, {
      throttled: fcmProblem(429, "RESOURCE_EXHAUSTED", "Quota exceeded", "QUOTA_EXCEEDED"),
      unavailable: fcmProblem(503, "UNAVAILABLE", "Overloaded", "UNAVAILABLE"),
      refused: fcmProblem(404, "NOT_FOUND", "Requested entity was not found.", "UNREGISTERED"),
    }),
  };
}
