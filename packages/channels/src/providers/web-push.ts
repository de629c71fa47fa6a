import { createECDH, createHash } from "node:crypto";
import { z } from "zod";
import { type PushContent, pushServiceOf } from "../channels/push";
import { readWebPushSubscription } from "../channels/web-push-subscription";
import { defineProvider, type SendOutcome, secret } from "../provider";
import { guardedPoster, type PostAnswer, throughApi } from "./guarded-post";

const config = z
  .strictObject({
    subject: z
      .string()
      .regex(/^(?:mailto:[^@\s]+@[^@\s]+|https:\/\/\S+)$/, "must be a mailto: or an https URL")
      .meta({
        title: "Contact",
        description: "Whom a push service may turn to: mailto:ops@example.com, or an https URL.",
      }),
    publicKey: z
      .string()
      .regex(/^[\w-]{87}$/, "must be 65 bytes as base64url")
      .meta({
        title: "Public key",
        description: "The VAPID key that browsers subscribed with: 65 bytes as base64url.",
      }),
    privateKey: secret()
      .regex(/^[\w-]{43}$/, "must be 32 bytes as base64url")
      .meta({ title: "Private key", description: "Its other half: 32 bytes as base64url." }),
    apiUrl: z.url().optional().meta({
      title: "API address",
      description: "Only where push services are reached through a gateway of your own.",
      advanced: true,
    }),
  })
  .refine(isPair, { path: ["publicKey"], message: "must be the public half of privateKey" });
type WebPushConfig = z.infer<typeof config>;

/** How long a push service keeps a message for a browser that is away, in seconds: the most that they all grant. */
const ttlSeconds = 28 * 86_400;

/**
 * Push to browsers (RFC 8030), encrypted (RFC 8291) and signed (VAPID, RFC 8292) by web-push, posted through the outbound guard
 * since the endpoint is a URL that came from outside.
 * The service worker gets JSON: `title`, `body`, `data`, `imageUrl`, `actionUrl`, and `tag`, the same when a message is repeated.
 */
export const webPush = defineProvider<WebPushConfig>({
  id: "web-push",
  name: "Web Push",
  channels: ["push"],
  config,
  honoursIdempotencyKey: false,
  reaches: (address) => pushServiceOf(address) === "web-push",
  async connect({ apiUrl, ...vapidDetails }, { outboundAllow }) {
    const { default: sdk } = await import("web-push");
    const poster = guardedPoster(outboundAllow);
    return {
      async send({ to, content }, { idempotencyKey, signal }) {
        const read = readWebPushSubscription(to);
        if ("fault" in read) return { kind: "rejected", reason: `no web push subscription: ${read.fault}` };
        const payload: PushContent & { tag: string } = { ...(content as PushContent), tag: idempotencyKey };
        const { headers, body } = sdk.generateRequestDetails(read.subscription, JSON.stringify(payload), {
          vapidDetails,
          TTL: ttlSeconds,
          urgency: "high",
          topic: topicOf(idempotencyKey),
        });
        const answer = await poster.post(throughApi(apiUrl, read.subscription.endpoint), {
          headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
          body,
          signal,
        });
        return "outcome" in answer ? answer.outcome : outcomeOf(answer, idempotencyKey);
      },
      close: poster.close,
    };
  },
});

/** A repetition replaces the message that still waits under the same topic: at most 32 characters of base64url. */
function topicOf(key: string): string {
  return createHash("sha256").update(key).digest("base64url").slice(0, 32);
}

/** Statuses: RFC 8030, 5 and 7.3; that of a signature with another key than the browser subscribed with: RFC 8292, 4.2. */
function outcomeOf({ status, headers, reason, retryAfterMs }: PostAnswer, id: string): SendOutcome {
  const { location } = headers;
  if (status < 300) return { kind: "sent", providerMessageId: typeof location === "string" ? location : id };
  if (status === 404 || status === 410) return { kind: "rejected", reason, addressDead: true };
  // 401 and 403: the account's keys must be mended, the message is not at fault.
  if (status >= 500 || [401, 403, 408, 429].includes(status)) {
    return {
      kind: "deferred",
      reason,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(status === 504 && { ambiguous: true }),
    };
  }
  return { kind: "rejected", reason };
}

function isPair({ publicKey, privateKey }: { publicKey: string; privateKey: string }): boolean {
  const ecdh = createECDH("prime256v1");
  try {
    ecdh.setPrivateKey(privateKey, "base64url");
  } catch {
    return false; // not every 32 bytes are a key
  }
  return ecdh.getPublicKey("base64url") === publicKey;
}
