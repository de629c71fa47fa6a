import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from "node:crypto";
import { uuidTimeMs } from "@tidings/shared/ids";
import type { Mode } from "@tidings/shared/modes";

/** What a person who follows the link wants no more of. */
export interface UnsubscribeTarget {
  tenantId: string;
  mode: Mode;
  channel: string;
  address: string;
  /** Null: everything that is not transactional. */
  category: string | null;
}

const algorithm = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;
const uuidBytes = 16;
const timeBytes = 4;
/** Longer than any mail program offers it; the law asks for 30 days (CAN-SPAM) or as long as it is read. */
const maxAgeMs = 3 * 365 * 24 * 60 * 60 * 1_000;

/**
 * The link by which a person unsubscribes. All it needs stands in it, encrypted and authenticated: it works when the delivery
 * has long been deleted, and nobody reads an address in a proxy's log. It is the same whenever it is made for a notification:
 * a provider drops a repeated idempotency key only where the mail is the same, and refuses it where it is not.
 * @param options `publicUrl`: the API's address as the internet sees it; `platformSecret`: 32 bytes, the current one
 */
export function unsubscribeUrl(
  { notificationId, tenantId, mode, channel, address, category }: UnsubscribeTarget & { notificationId: string },
  { publicUrl, platformSecret }: { publicUrl: string; platformSecret: Uint8Array },
): string {
  const time = Buffer.alloc(timeBytes);
  time.writeUInt32BE(Math.floor(uuidTimeMs(notificationId) / 1_000));
  const text = [mode, channel, category ?? "", address].join("\n"); // none but the last can hold a line break
  const said = Buffer.concat([Buffer.from(tenantId.replaceAll("-", ""), "hex"), time, Buffer.from(text, "utf8")]);
  // Synthetic, as in RFC 5297: never the same for two plaintexts, and without a secret of its own nobody can tell it.
  const nonceKey = keyOf(platformSecret, "tidings.unsubscribe.nonce");
  const nonce = createHmac("sha256", nonceKey).update(notificationId).update(said).digest().subarray(0, nonceBytes);
  const cipher = createCipheriv(algorithm, keyOf(platformSecret), nonce);
  const token = Buffer.concat([nonce, cipher.update(said), cipher.final(), cipher.getAuthTag()]).toString("base64url");
  return `${publicUrl.replace(/\/+$/, "")}/u/${token}`;
}

/**
 * What the token of a link says.
 * @param platformSecrets the current one and those before it
 * @returns null when none of them made it, or too long ago
 */
export function readUnsubscribeToken(
  platformSecrets: readonly Uint8Array[],
  token: string,
  nowMs: number = Date.now(),
): UnsubscribeTarget | null {
  const bytes = Buffer.from(token, "base64url");
  if (bytes.length < nonceBytes + uuidBytes + timeBytes + tagBytes || bytes.toString("base64url") !== token)
    return null;
  for (const secret of platformSecrets) {
    const said = opened(secret, bytes);
    if (said) return nowMs - said.readUInt32BE(uuidBytes) * 1_000 > maxAgeMs ? null : targetIn(said);
  }
  return null;
}

function opened(platformSecret: Uint8Array, bytes: Buffer): Buffer | null {
  const decipher = createDecipheriv(algorithm, keyOf(platformSecret), bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]);
  } catch {
    return null; // made with another secret, or forged: an expected answer
  }
}

function targetIn(said: Buffer): UnsubscribeTarget {
  const hex = said.subarray(0, uuidBytes).toString("hex");
  const [mode, channel, category, ...address] = said
    .subarray(uuidBytes + timeBytes)
    .toString("utf8")
    .split("\n");
  return {
    tenantId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
    mode: mode as Mode,
    channel: channel as string,
    address: address.join("\n"),
    category: category || null,
  };
}

function keyOf(platformSecret: Uint8Array, purpose = "tidings.unsubscribe"): Buffer {
  return Buffer.from(hkdfSync("sha256", platformSecret, "", purpose, 32));
}
