import { createVonageFake, problem } from "@tidings/tests/fakes/vonage-fake";
import { type OtherSide, overHttp } from "./other-side";

export async function vonageSide(): Promise<OtherSide> {
  const fake = await createVonageFake();
  return {
    config: { apiKey: "abcd1234", apiSecret: "secret", from: "Acme", apiUrl: fake.url },
    ...overHttp(fake, {
      throttled: problem(
        429,
        "#1000",
        "Throttled",
        "You have exceeded the submission capacity allowed on this account.",
      ),
      unavailable: problem(503, "#1030", "Internal error", "There was an error processing your request."),
      refused: problem(422, "#1120", "Illegal Sender Address", "The SenderID was not accepted."),
    }),
  };
}
