import { createWebhookSink } from "@tidings/tests/fakes/webhook-sink";
import { type OtherSide, overHttp } from "./other-side";

export async function webhookSide(): Promise<OtherSide> {
  const sink = await createWebhookSink();
  return {
    config: {},
    to: { webhook: sink.url },
    ...overHttp(sink, { throttled: { status: 429 }, unavailable: { status: 503 }, refused: { status: 400 } }),
  };
}
