import { createTwilioFake, problem as twilioProblem } from "@tidings/tests/fakes/twilio-fake";
import { type OtherSide, overHttp } from "./other-side";

export async function twilioSide(): Promise<OtherSide> {
  const fake = await createTwilioFake();
  return {
    config: {
      accountSid: "AC0123456789",
      authToken: "secret",
      from: "+14155550100",
      whatsappFrom: "+14155550100",
      apiUrl: fake.url,
    },
    ...overHttp(fake, {
      throttled: twilioProblem(429, 20429, "Too Many Requests"),
      unavailable: twilioProblem(503, 20503, "Service Unavailable"),
      refused: twilioProblem(400, 21211, "Invalid 'To' number"),
    }),
  };
}
