import { createMailgunFake, mailgunAccount, problem } from "@tidings/tests/fakes/mailgun-fake";
import { type OtherSide, overHttp } from "./other-side";

export async function mailgunSide(): Promise<OtherSide> {
  const fake = await createMailgunFake();
  return {
    config: { ...mailgunAccount, from: "hello@acme.test", apiUrl: fake.url },
    ...overHttp(fake, {
      throttled: problem(429, "Too Many Requests"),
      unavailable: problem(503, "Service Unavailable"),
      refused: problem(400, "to parameter is not a valid address. please check documentation"),
    }),
  };
}
