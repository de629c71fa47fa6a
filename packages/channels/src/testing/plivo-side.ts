import { createPlivoFake, problem } from "@tidings/tests/fakes/plivo-fake";
import { type OtherSide, overHttp } from "./other-side";

export async function plivoSide(): Promise<OtherSide> {
  const fake = await createPlivoFake();
  return {
    config: { authId: "MA0123456789", authToken: "secret", from: "+14155550100", apiUrl: fake.url },
    ...overHttp(fake, {
      throttled: problem(429, "rate_limit_exceeded"),
      unavailable: problem(503, "service unavailable"),
      refused: problem(400, "src parameter is invalid"),
    }),
  };
}
