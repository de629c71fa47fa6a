import { createSendgridFake, problem, sendgridKey } from "@tidings/tests/fakes/sendgrid-fake";
import { type OtherSide, overHttp } from "./other-side";

export async function sendgridSide(): Promise<OtherSide> {
  const fake = await createSendgridFake();
  return {
    config: { apiKey: sendgridKey, from: "hello@acme.test", apiUrl: fake.url },
    ...overHttp(fake, {
      throttled: problem(429, "too many requests"),
      unavailable: problem(503, "service unavailable"),
      refused: problem(400, "Does not contain a valid address.", "personalizations.0.to.0.email"),
    }),
  };
}
