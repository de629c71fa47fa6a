import { createWhatsappCloudFake, problem } from "@tidings/tests/fakes/whatsapp-cloud-fake";
import { type OtherSide, overHttp } from "./other-side";

export async function whatsappCloudSide(): Promise<OtherSide> {
  const fake = await createWhatsappCloudFake();
  return {
    config: {
      phoneNumberId: "106540352242922",
      accessToken: "token",
      appSecret: "app-secret",
      verifyToken: "verify-me",
      apiUrl: fake.url,
    },
    ...overHttp(fake, {
      throttled: problem(400, 131056, "(Business Account, Consumer Account) pair rate limit hit"),
      unavailable: problem(503, 2, "Service temporarily unavailable"),
      refused: problem(400, 131047, "Re-engagement message"),
    }),
  };
}
