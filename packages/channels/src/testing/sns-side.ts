import { createSnsFake, problem, snsAccount } from "@tidings/tests/fakes/sns-fake";
import { type OtherSide, overHttp } from "./other-side";

export async function snsSide(): Promise<OtherSide> {
  const fake = await createSnsFake();
  return {
    config: { ...snsAccount, apiUrl: fake.url },
    ...overHttp(fake, {
      throttled: problem(400, "Throttling", "Rate exceeded"),
      unavailable: problem(503, "ServiceUnavailable", "try again"),
      refused: problem(400, "InvalidParameter", "Invalid parameter: Message too long"),
    }),
  };
}
