import { createPostmarkFake, postmarkToken, problem } from "@tidings/tests/fakes/postmark-fake";
import { type OtherSide, overHttp } from "./other-side";

export async function postmarkSide(): Promise<OtherSide> {
  const fake = await createPostmarkFake();
  return {
    config: { serverToken: postmarkToken, from: "hello@acme.test", apiUrl: fake.url },
    ...overHttp(fake, {
      throttled: problem(429, 429, "Rate limit exceeded"),
      unavailable: problem(503, 100, "The Postmark API is offline for maintenance."),
      refused: problem(422, 300, "Invalid 'To' address."),
    }),
  };
}
