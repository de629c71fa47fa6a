import { hkdfSync } from "node:crypto";
import { z } from "zod";

/** The platform's secret as it stands in `TIDINGS_SECRET`: 32 bytes in base64. Every other key of ours is derived from it. */
export const platformSecretSchema = z
  .base64("must be base64")
  .transform((text) => Buffer.from(text, "base64"))
  .refine((bytes) => bytes.length === 32, "must be 32 bytes in base64")
  .meta({ description: "the platform's secret, 32 bytes in base64", example: "$(openssl rand -base64 32)" });

/**
 * What API keys' secrets are hashed with beside bcrypt, so that a stolen database alone checks no guess.
 * Keys made under another platform secret are known only while that one is among the previous ones.
 * @param platformSecret 32 bytes
 * @returns 32 bytes: HKDF-SHA256, info `tidings.key-pepper`
 */
export function keyPepper(platformSecret: Uint8Array): Buffer {
  return Buffer.from(hkdfSync("sha256", platformSecret, "", "tidings.key-pepper", 32));
}

/**
 * The same for the passwords of the console's people.
 * @returns 32 bytes: HKDF-SHA256, info `tidings.password-pepper`
 */
export function passwordPepper(platformSecret: Uint8Array): Buffer {
  return Buffer.from(hkdfSync("sha256", platformSecret, "", "tidings.password-pepper", 32));
}

/**
 * What the console signs its cookies and encrypts second factors with.
 * @returns 32 bytes in base64url: HKDF-SHA256, info `tidings.console`
 */
export function consoleSecret(platformSecret: Uint8Array): string {
  return Buffer.from(hkdfSync("sha256", platformSecret, "", "tidings.console", 32)).toString("base64url");
}
