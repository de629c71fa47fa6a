import { createHmac } from "node:crypto";

const prefix = "whsec_";

/** Whether a text is a signing secret as Standard Webhooks writes it: `whsec_` and the base64 of 24 to 64 bytes. */
export function isSigningSecret(text: string): boolean {
  const encoded = text.slice(prefix.length);
  const bytes = Buffer.from(encoded, "base64");
  return text.startsWith(prefix) && bytes.length >= 24 && bytes.length <= 64 && bytes.toString("base64") === encoded;
}

/**
 * The headers of Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @param secrets as {@link isSigningSecret} has them; while two are valid both sign, without any there is no signature
 * @param message `id` the same for every attempt, `timestampSeconds` this attempt's
 */
export function signWebhook(
  secrets: readonly string[],
  { id, timestampSeconds, body }: { id: string; timestampSeconds: number; body: string },
): Record<string, string> {
  const signed = `${id}.${timestampSeconds}.${body}`;
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(prefix.length), "base64");
    return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestampSeconds),
    ...(signatures.length > 0 && { "webhook-signature": signatures.join(" ") }),
  };
}
