import { z } from "zod";
import type { WebhookContent } from "../channels/webhook";
import { defineProvider, type SendOutcome } from "../provider";
import { guardedPoster, type PostAnswer } from "./guarded-post";

/**
 * Posts the payload as JSON to the URL, through the outbound guard. Redirects are not followed.
 * `webhook-id` is the same for every attempt at a delivery, so that a receiver can tell a repetition.
 */
export const webhookPost = defineProvider({
  id: "webhook",
  name: "Webhook",
  channels: ["webhook"],
  config: z.strictObject({}),
  honoursIdempotencyKey: false,
  async connect(_config, { outboundAllow }) {
    const poster = guardedPoster(outboundAllow);
    return {
      async send({ to, content }, { idempotencyKey, signal }) {
        const answer = await poster.post(to, {
          headers: {
            "content-type": "application/json",
            "webhook-id": idempotencyKey,
            "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
          },
          body: JSON.stringify((content as WebhookContent).payload),
          signal,
        });
        return "outcome" in answer ? answer.outcome : outcomeOf(answer, idempotencyKey);
      },
      close: poster.close,
    };
  },
});

function outcomeOf({ status, reason, retryAfterMs }: PostAnswer, id: string): SendOutcome {
  if (status < 300) return { kind: "sent", providerMessageId: id };
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    return { kind: "deferred", reason, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  // 410 says the URL is gone for good.
  return { kind: "rejected", reason, ...(status === 410 && { addressDead: true }) };
}
