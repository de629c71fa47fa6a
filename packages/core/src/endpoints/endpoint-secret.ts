import { randomBytes } from "node:crypto";
import { isSigningSecret } from "@tidings/channels/sign-webhook";
import { z } from "zod";
import type { SealContext } from "../secrets/sealer";

const prefix = "whsec_";
/** Of a key for HMAC-SHA256: more than its output adds nothing. */
const secretBytes = 32;

/** A signing secret as Standard Webhooks writes it, of 24 to 64 bytes. */
export const endpointSecretSchema = z
  .string()
  .refine(isSigningSecret, `must be ${prefix} and the base64 of 24 to 64 bytes`);

/** A new signing secret: `whsec_` and 32 random bytes in base64. */
export function generateEndpointSecret(): string {
  return prefix + randomBytes(secretBytes).toString("base64");
}

/** Where a sealed field of an endpoint belongs. */
export function endpointField(
  { tenantId, id }: { tenantId: string; id: string },
  field: "secret" | "previous_secret" | "headers",
): SealContext {
  return { tenantId, field: `endpoint.${id}.${field}` };
}
