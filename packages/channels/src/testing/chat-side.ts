import { createChatFake } from "@tidings/tests/fakes/chat-fake";
import { type OtherSide, overHttp } from "./other-side";

/** The other side of a provider that posts to `webhookUrl`. */
function chatSide(webhookUrl: string): () => Promise<OtherSide> {
  return async () => {
    const fake = await createChatFake();
    return {
      config: { apiUrl: fake.url },
      to: { chat: webhookUrl },
      ...overHttp(fake, { throttled: { status: 429 }, unavailable: { status: 503 }, refused: { status: 400 } }),
    };
  };
}

export const slackSide = chatSide("https://hooks.slack.com/services/T0/B0/secret");
export const discordSide = chatSide("https://discord.com/api/webhooks/123/token");
export const teamsSide = chatSide(
  "https://prod-1.westus.logic.azure.com/workflows/ab/triggers/manual/paths/invoke?sig=x",
);
