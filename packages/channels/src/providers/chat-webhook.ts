import type { z } from "zod";
import { type ChatContent, type ChatProduct, chatProductOf } from "../channels/chat";
import { defineProvider, type Provider, type SendOutcome } from "../provider";
import { guardedPoster, type PostAnswer, throughApi } from "./guarded-post";

interface ChatWebhook<Config> {
  id: ChatProduct;
  name: string;
  config: z.ZodType<Config>;
  /** What is posted, as JSON. */
  payloadOf(content: ChatContent, config: Config): object;
  /** The URL to post to, where it is not the webhook's own. */
  urlOf?(address: string): string;
  /** What an answer means, where its status alone does not say; null leaves it to the status. */
  read?(answer: PostAnswer, idempotencyKey: string): SendOutcome | null;
}

/** A provider that posts to a chat product's incoming webhooks, each the address of its own channel there. */
export function chatWebhook<Config extends { apiUrl?: string | undefined }>(
  webhook: ChatWebhook<Config>,
): Provider<Config> {
  const { id, name, config, payloadOf, urlOf = (address) => address, read = () => null } = webhook;
  const reaches = (address: string) => chatProductOf(address) === id;
  return defineProvider<Config>({
    id,
    name,
    channels: ["chat"],
    config,
    honoursIdempotencyKey: false,
    reaches,
    async connect(account, { outboundAllow }) {
      const poster = guardedPoster(outboundAllow);
      return {
        async send({ to, content }, { idempotencyKey, signal }) {
          if (!reaches(to)) return { kind: "rejected", reason: `the URL is no incoming webhook of ${name}` };
          const answer = await poster.post(throughApi(account.apiUrl, urlOf(to)), {
            headers: { "content-type": "application/json" },
            body: JSON.stringify(payloadOf(content as ChatContent, account)),
            signal,
          });
          if ("outcome" in answer) return answer.outcome;
          return read(answer, idempotencyKey) ?? outcomeOf(answer, idempotencyKey);
        },
        close: poster.close,
      };
    },
  });
}

/** What a status means with all of them: a webhook that was removed, or whose channel was, answers 404 or 410. */
function outcomeOf({ status, reason, retryAfterMs }: PostAnswer, id: string): SendOutcome {
  if (status < 300) return { kind: "sent", providerMessageId: id };
  if (status === 408 || status === 429 || status >= 500) {
    return {
      kind: "deferred",
      reason,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(status === 504 && { ambiguous: true }),
    };
  }
  return { kind: "rejected", reason, ...((status === 404 || status === 410) && { addressDead: true }) };
}
