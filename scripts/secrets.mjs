import { generateKeyPair, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * The key that seals what this installation stores: made at the first start and kept.
 * @param {string} dir state directory
 * @returns {string} 32 bytes in base64
 */
export function installationSecret(dir) {
  return kept(join(dir, "secret")) ?? keep(join(dir, "secret"), randomBytes(32).toString("base64"));
}

/**
 * A service account as Google would issue it, which the local push fake accepts.
 * @param {string} dir state directory
 * @returns {Promise<{ project_id: string, client_email: string, private_key: string }>}
 */
export async function localServiceAccount(dir) {
  const file = join(dir, "fcm-private-key.pem");
  const key =
    kept(file) ??
    keep(
      file,
      (
        await promisify(generateKeyPair)("rsa", {
          modulusLength: 2048,
          publicKeyEncoding: { type: "spki", format: "pem" },
          privateKeyEncoding: { type: "pkcs8", format: "pem" },
        })
      ).privateKey,
    );
  return { project_id: "tidings-local", client_email: "push@tidings-local.iam.gserviceaccount.com", private_key: key };
}

/** @param {string} file */
function kept(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

/** @param {string} file @param {string} secret */
function keep(file, secret) {
  writeFileSync(file, secret, { mode: 0o600 });
  return secret;
}
