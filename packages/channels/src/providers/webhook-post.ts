import { z } from "zod";
import type { WebhookContent } from "../channels/webhook";
import { defineProvider, type SendOutcome, secret } from "../provider";
import { isSigningSecret, signWebhook } from "../sign-webhook";
import { guardedPoster, type PostAnswer } from "./guarded-post";

const config = z.strictObject({
  secret: secret().refine(isSigningSecret, "must be whsec_ and the base64 of 24 to 64 bytes").optional().meta({
    title: "Signing secret",
    description: "What messages are signed with, as Standard Webhooks says: whsec_ and 24 to 64 bytes in base64",
  }),
});

/**
 * Posts the payload as JSON to the URL, through the outbound guard, signed when the account has a secret. Redirects are
 * not followed. `webhook-id` is the same for every attempt at a delivery, so that a receiver can tell a repetition.
 */
export const webhookPost = defineProvider({
  id: "webhook",
  name: "Webhook",
  channels: ["webhook"],
  config,
  honoursIdempotencyKey: false,
  async connect({ secret }, { outboundAllow }) {
    const secrets = secret === undefined ? [] : [secret];
    const poster = guardedPoster(outboundAllow);
    return {
      async send({ to, content }, { idempotencyKey, signal }) {
        const body = JSON.stringify((content as WebhookContent).payload);
        const message = { id: idempotencyKey, timestampSeconds: Math.floor(Date.now() / 1_000), body };
        const headers = { "content-type": "application/json", ...signWebhook(secrets, message) };
        const answer = await poster.post(to, { headers, body, signal });
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
