import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

/** The delivery somebody unsubscribes from: its row knows the address and what it was about. */
export interface Unsubscribed {
  tenantId: string;
  deliveryId: string;
}

const macBytes = 16;
const idBytes = 16;

/**
 * Where a person unsubscribes with one click: RFC 8058. It holds ids and a signature, nothing personal.
 * @param publicUrl the API's address as the internet sees it
 */
export function unsubscribeUrl(
  { tenantId, id }: { tenantId: string; id: string },
  { publicUrl, platformSecret }: { publicUrl: string; platformSecret: Uint8Array },
): string {
  const told = Buffer.from(`${tenantId}${id}`.replaceAll("-", ""), "hex");
  const token = Buffer.concat([macOf(platformSecret, told), told]).toString("base64url");
  return `${publicUrl}/u/${token}`;
}

/** Reads the token of such a link; null when it was not made with one of the platform's secrets. */
export function readUnsubscribeToken(platformSecrets: readonly Uint8Array[], token: string): Unsubscribed | null {
  const bytes = Buffer.from(token, "base64url");
  if (bytes.length !== macBytes + 2 * idBytes) return null;
  const [mac, told] = [bytes.subarray(0, macBytes), bytes.subarray(macBytes)];
  if (!platformSecrets.some((secret) => timingSafeEqual(mac, macOf(secret, told)))) return null;
  return { tenantId: uuidText(told.subarray(0, idBytes)), deliveryId: uuidText(told.subarray(idBytes)) };
}

function macOf(platformSecret: Uint8Array, told: Buffer): Buffer {
  const key = Buffer.from(hkdfSync("sha256", platformSecret, "", "tidings.unsubscribe", 32));
  return createHmac("sha256", key).update(told).digest().subarray(0, macBytes);
}

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
