import { ECDH } from "node:crypto";
import { z } from "zod";

/** What Postgres can index: 2,704 bytes with the tenant beside it. */
const maxBytes = 2_048;

/** Bytes as base64 of either alphabet, padded or not; url-safe and without padding afterwards. */
function base64Bytes(length: number) {
  return z
    .string()
    .regex(/^[\w+/-]+={0,2}$/, { message: "must be base64url", abort: true })
    .transform((text) => Buffer.from(text, "base64url").toString("base64url"))
    .refine((text) => Buffer.from(text, "base64url").length === length, `must be ${length} bytes`);
}

/** A browser's `PushSubscription` as its `toJSON()` gives it; of that, what RFC 8030 and RFC 8291 need. */
const subscription = z.object({
  endpoint: z
    .url({ protocol: /^https$/, message: "must be an https URL" })
    .transform((url) => new URL(url).href)
    .pipe(z.string().regex(/^[^#@]*$/, "must carry no credentials and no fragment")),
  keys: z.object({ p256dh: base64Bytes(65).refine(isOnCurve, "must be a point of P-256"), auth: base64Bytes(16) }),
});
export type WebPushSubscription = z.output<typeof subscription>;

/**
 * Reads a web push subscription from its JSON.
 * @returns it, and the JSON in the one form it is stored in; or what is wrong with it
 */
export function readWebPushSubscription(
  text: string,
): { subscription: WebPushSubscription; canonical: string } | { fault: string } {
  const parsed = subscription.safeParse(jsonOf(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { fault: `${issue?.path.join(".") || "it"}: ${issue?.message}` };
  }
  const { endpoint, keys } = parsed.data;
  const canonical = JSON.stringify({ endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } });
  if (Buffer.byteLength(canonical) > maxBytes) return { fault: `it must have at most ${maxBytes} bytes` };
  return { subscription: parsed.data, canonical };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema says that it is no object
  }
}

function isOnCurve(point: string): boolean {
  try {
    ECDH.convertKey(point, "prime256v1", "base64url", "base64url", "uncompressed");
    return true;
  } catch {
    return false; // a malformed key is an expected answer here, not a fault
  }
}
