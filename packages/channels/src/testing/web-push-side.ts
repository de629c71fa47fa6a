import { createWebPushFake } from "@tidings/tests/fakes/web-push-fake";
import sdk from "web-push";
import { type OtherSide, overHttp } from "./other-side";

export async function webPushSide(): Promise<OtherSide> {
  const fake = await createWebPushFake();
  const keys = sdk.generateVAPIDKeys();
  return {
    config: { subject: "mailto:ops@acme.test", ...keys, apiUrl: fake.url },
    to: { push: fake.subscribe(keys.publicKey) },
    ...overHttp(fake, { throttled: { status: 429 }, unavailable: { status: 503 }, refused: { status: 410 } }),
  };
}
