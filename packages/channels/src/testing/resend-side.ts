import { createResendFake, problem, resendKey } from "@tidings/tests/fakes/resend-fake";
import { type OtherSide, overHttp } from "./other-side";

export async function resendSide(): Promise<OtherSide> {
  const fake = await createResendFake();
  return {
    config: { apiKey: resendKey, from: "hello@acme.test", apiUrl: fake.url },
    ...overHttp(fake, {
      throttled: problem(429, "rate_limit_exceeded", "Too many requests."),
      unavailable: problem(503, "application_error", "Service unavailable."),
      refused: problem(422, "validation_error", "Invalid `to` field."),
    }),
  };
}
