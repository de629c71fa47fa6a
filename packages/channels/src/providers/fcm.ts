import { randomUUID } from "node:crypto";
import type { TokenMessage } from "firebase-admin/messaging";
import { z } from "zod";
import { type PushContent, pushServiceOf } from "../channels/push";
import { settingsGuard } from "../outbound-guard";
import { defineProvider, type SendOutcome } from "../provider";
import { serviceAccountCredential } from "./fcm-credential";
import { privateKey } from "./private-key";
import { type VendorAnswer, vendorAgent } from "./vendor-agent";
import { reasonOf } from "./vendor-api";

const config = z.strictObject({
  serviceAccount: z.object({ project_id: z.string().min(1), client_email: z.email(), private_key: privateKey() }).meta({
    title: "Service account key",
    contentMediaType: "application/json",
    description:
      "The JSON file that Firebase makes under Project settings, Service accounts. Only its project, address and key are kept.",
  }),
  apiUrl: z.url().optional().meta({
    title: "API address",
    description: "Only where you reach Google through a gateway of your own. Empty: Google's own.",
    advanced: true,
  }),
});

/**
 * Push over Firebase Cloud Messaging, through Google's own SDK.
 * Errors: https://firebase.google.com/docs/cloud-messaging/error-codes
 */
export const fcm = defineProvider({
  id: "fcm",
  name: "Firebase Cloud Messaging",
  channels: ["push"],
  config,
  honoursIdempotencyKey: false,
  reaches: (address) => pushServiceOf(address) === "fcm",
  async connect({ serviceAccount, apiUrl }, context) {
    const { deleteApp, initializeApp } = await import("firebase-admin/app");
    const { getMessaging } = await import("firebase-admin/messaging");
    const guard = settingsGuard(context);
    const vendor = vendorAgent(apiUrl, guard);
    const credential = serviceAccountCredential(serviceAccount, apiUrl, guard);
    const { project_id: projectId } = serviceAccount;
    const app = initializeApp({ credential, projectId, httpAgent: vendor.agent }, randomUUID());
    const messaging = getMessaging(app);
    return {
      async send({ to, content }, { signal, idempotencyKey }) {
        const message = messageOf(to, content as PushContent, idempotencyKey);
        const result = await vendor.attempt(signal, async () => messaging.send(message));
        if ("answer" in result) return { kind: "sent", providerMessageId: result.answer };
        return outcomeOf(result);
      },
      async close() {
        await deleteApp(app);
        vendor.close();
      },
    };
  },
  /** Asks for an access token: Google knows the service account by its signature. */
  async check({ serviceAccount, apiUrl }, context) {
    const credential = serviceAccountCredential(serviceAccount, apiUrl, settingsGuard(context));
    return await credential.getAccessToken().then(
      () => ({ kind: "good" }) as const,
      (error: Error) => ({
        kind: /^40[013] /.test(error.message) ? "refused" : "unreachable",
        reason: reasonOf(error),
      }),
    );
  },
});

/** The tag has a repeated message replace the first on the screen instead of standing beside it. */
function messageOf(token: string, content: PushContent, tag: string): TokenMessage {
  const { title, body, imageUrl, actionUrl, data } = content;
  return {
    token,
    notification: { title, body, ...(imageUrl && { imageUrl }) },
    data: { ...data, ...(actionUrl && { actionUrl }) },
    android: { priority: "high", notification: { tag } },
    apns: { headers: { "apns-collapse-id": tag.slice(0, 64) } },
    webpush: { notification: { tag } },
  };
}

const refusalStatuses = new Set([400, 404, 413, 422]);
const unregistered = "messaging/registration-token-not-registered";

function outcomeOf(failure: Exclude<VendorAnswer<unknown>, { answer: unknown }>): SendOutcome {
  const { error, status, retryAfterMs, ambiguous } = failure;
  const { code: given, message = String(error) } = error as { code?: unknown; message?: string };
  const code = typeof given === "string" ? given : "";
  // FCM answers an unreadable token with a bare INVALID_ARGUMENT, told apart by its words alone.
  const isDead =
    code === unregistered || code === "messaging/invalid-registration-token" || /not a valid FCM reg/i.test(message);
  if (isDead) return { kind: "rejected", reason: message, addressDead: true };
  // A 403 is either the token of another project, which stays wrong, or an account without permission, which can be mended.
  const isForeign = status === 403 && /sender/i.test(message);
  const isRefusedBySdk = status === undefined && code.startsWith("messaging/invalid-");
  if (isForeign || isRefusedBySdk || (status !== undefined && refusalStatuses.has(status))) {
    return { kind: "rejected", reason: message };
  }
  return {
    kind: "deferred",
    reason: message,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(ambiguous && { ambiguous }),
  };
}
