import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";

/** Whose secret it is and what for: sealed text opens only where it belongs. */
export interface SealContext {
  tenantId: string;
  /** Table, row and column: `endpoint.<id>.secret`. */
  field: string;
}

/** Encrypts what must be readable again: provider credentials, signing secrets. */
export interface Sealer {
  /** @returns `v1.<key id>.<base64url of nonce, ciphertext and tag>` */
  seal(text: string, context: SealContext): string;
  /** @throws {Error} when the text was changed, belongs elsewhere, or its key is not known */
  open(sealed: string, context: SealContext): string;
  /** Whether it was sealed with a key that is not the current one. */
  isStale(sealed: string): boolean;
}

const algorithm = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM with a fresh nonce each time, the tenant and the field as additional data.
 * @param platformSecrets 32 bytes each: the current one, then those before it, which open but do not seal
 */
export function createSealer(platformSecrets: readonly [Uint8Array, ...Uint8Array[]]): Sealer {
  const keys = platformSecrets.map((secret) => {
    const key = Buffer.from(hkdfSync("sha256", secret, "", "tidings.sealing", 32));
    return { id: createHash("sha256").update(key).digest("hex").slice(0, 8), key };
  });
  const current = keys[0] as (typeof keys)[number];
  const byId = new Map(keys.map((entry) => [entry.id, entry.key]));

  return {
    seal(text, context) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, current.key, nonce).setAAD(additionalData(context));
      const sealed = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return `v1.${current.id}.${sealed.toString("base64url")}`;
    },

    open(sealed, context) {
      const [version, keyId = "", payload = ""] = sealed.split(".");
      const key = byId.get(keyId);
      if (version !== "v1" || !key)
        throw new Error(
          `${context.field} was sealed with a platform secret that is not known: set TIDINGS_PREVIOUS_SECRETS`,
        );
      const bytes = Buffer.from(payload, "base64url");
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
      decipher.setAAD(additionalData(context)).setAuthTag(bytes.subarray(-tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString("utf8");
    },

    isStale: (sealed) => sealed.split(".")[1] !== current.id,
  };
}

/** Joined so that no two contexts give the same bytes. */
function additionalData({ tenantId, field }: SealContext): Buffer {
  return Buffer.from(`${tenantId}\n${field}`, "utf8");
}
