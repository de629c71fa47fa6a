import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type { EmailTracking } from "./track-email";

/** What our own links tell: that a person opened an email, or clicked a link in it. */
export interface Tracked {
  tenantId: string;
  deliveryId: string;
  /** Where the link leads to; null for an open. */
  url: string | null;
}

/** Longest URL that is tracked; a longer one would not survive every mail program. */
const maxUrlLength = 2_000;
const macBytes = 16;
const idBytes = 16;

/**
 * Links for the emails of a tenant that wants to know of opens and clicks. Each is signed together with where it leads to,
 * so that nobody can make one that leads elsewhere.
 * @param publicUrl the API's address as the internet sees it; links to it are left alone
 */
export function trackingOf(
  delivery: { tenantId: string; id: string },
  options: { publicUrl: string; platformSecret: Uint8Array; opens: boolean; clicks: boolean },
): EmailTracking {
  const { publicUrl, opens, clicks } = options;
  const key = keyOf(options.platformSecret);
  const about = { tenantId: delivery.tenantId, deliveryId: delivery.id };
  return {
    openUrl: opens ? `${publicUrl}/t/o/${tokenOf(key, { ...about, url: null })}.gif` : null,
    clickUrlOf(url) {
      if (!clicks || url.length > maxUrlLength || url.startsWith(`${publicUrl}/`)) return null;
      return `${publicUrl}/t/c/${tokenOf(key, { ...about, url })}`;
    },
  };
}

/** Reads the token of a link; null when it was not made with one of the platform's secrets. */
export function readTrackingToken(platformSecrets: readonly Uint8Array[], token: string): Tracked | null {
  const bytes = Buffer.from(token, "base64url");
  if (bytes.length < macBytes + 2 * idBytes) return null;
  const [mac, told] = [bytes.subarray(0, macBytes), bytes.subarray(macBytes)];
  if (!platformSecrets.some((secret) => timingSafeEqual(mac, macOf(keyOf(secret), told)))) return null;
  const url = told.subarray(2 * idBytes).toString("utf8");
  return {
    tenantId: uuidIn(told.subarray(0, idBytes)),
    deliveryId: uuidIn(told.subarray(idBytes, 2 * idBytes)),
    url: url === "" ? null : url,
  };
}

function tokenOf(key: Buffer, { tenantId, deliveryId, url }: Tracked): string {
  const told = Buffer.concat([bytesOf(tenantId), bytesOf(deliveryId), Buffer.from(url ?? "", "utf8")]);
  return Buffer.concat([macOf(key, told), told]).toString("base64url");
}

function keyOf(platformSecret: Uint8Array): Buffer {
  return Buffer.from(hkdfSync("sha256", platformSecret, "", "tidings.tracking", 32));
}

function macOf(key: Buffer, told: Uint8Array): Buffer {
  return createHmac("sha256", key).update(told).digest().subarray(0, macBytes);
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll("-", ""), "hex");
}

function uuidIn(bytes: Buffer): string {
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
