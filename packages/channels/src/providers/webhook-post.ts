import { type Dispatcher, request } from "undici";
import { z } from "zod";
import type { WebhookContent } from "../channels/webhook";
import { OutboundRefused, outboundGuard } from "../outbound-guard";
import { defineProvider, type SendOutcome } from "../provider";
import { retryAfterMs } from "../retry-after";

/** Most of an answer that is read, in bytes. */
const maxAnswerBytes = 20_480;
/** Most of an answer that goes into a reason, in characters. */
const maxWords = 500;
/** Longest wait for the answer's head, and then between two pieces of its body, in milliseconds. */
const answerTimeoutMs = 15_000;

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
    const guard = outboundGuard(outboundAllow);
    const agent = guard.agent({
      connections: 64,
      headersTimeout: answerTimeoutMs,
      bodyTimeout: answerTimeoutMs,
    });
    return {
      async send({ to, content }, { idempotencyKey, signal }) {
        const refusal = guard.refusalOf(to);
        if (refusal) return { kind: "rejected", reason: refusal };
        try {
          const { statusCode, headers, body } = await request(to, {
            dispatcher: agent,
            method: "POST",
            headers: {
              "content-type": "application/json",
              "user-agent": "Tidings",
              "webhook-id": idempotencyKey,
              "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
            },
            body: JSON.stringify((content as WebhookContent).payload),
            signal,
          });
          const words = await firstPart(body);
          return outcomeOf(statusCode, words, retryAfterMs(headers["retry-after"]), idempotencyKey);
        } catch (error) {
          return outcomeOfError(error, signal);
        }
      },
      close: () => agent.destroy(),
    };
  },
});

/** At most {@link maxAnswerBytes} of a body; what came before it broke off when it does, since the status has decided. */
async function firstPart(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes >= maxAnswerBytes) break;
    }
  } catch (error) {
    chunks.push(Buffer.from(` (broken off: ${(error as Error).message})`));
  }
  return Buffer.concat(chunks).toString("utf8", 0, maxAnswerBytes).trim().slice(0, maxWords);
}

function outcomeOf(status: number, words: string, waitMs: number | undefined, id: string): SendOutcome {
  if (status < 300) return { kind: "sent", providerMessageId: id };
  const reason = words ? `${status} ${words}` : String(status);
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    return { kind: "deferred", reason, ...(waitMs !== undefined && { retryAfterMs: waitMs }) };
  }
  // 410 says the URL is gone for good.
  return { kind: "rejected", reason, ...(status === 410 && { addressDead: true }) };
}

/** Failures before a connection stood: nothing can have arrived. */
const neverConnected = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

function outcomeOfError(error: unknown, signal: AbortSignal): SendOutcome {
  if (error instanceof OutboundRefused) return { kind: "rejected", reason: error.message };
  if (!(error instanceof Error)) throw error;
  const { code } = error as { code?: unknown };
  if (code === undefined && !signal.aborted) throw error; // neither the network's nor undici's: ours
  const ambiguous = !neverConnected.has(String(code)) && !String(code).startsWith("ERR_TLS");
  return { kind: "deferred", reason: error.message || String(code), ...(ambiguous && { ambiguous }) };
}
