import { createSesFake, problem, sesAccount } from "@tidings/tests/fakes/ses-fake";
import { type OtherSide, overHttp } from "./other-side";

export async function sesSide(): Promise<OtherSide> {
  const fake = await createSesFake();
  return {
    config: { ...sesAccount, from: "hello@acme.test", apiUrl: fake.url },
    ...overHttp(fake, {
      throttled: problem(429, "TooManyRequestsException", "Maximum sending rate exceeded."),
      unavailable: problem(503, "ServiceUnavailable", "Service Unavailable"),
      refused: problem(400, "MessageRejected", "Email address is not verified."),
    }),
  };
}
