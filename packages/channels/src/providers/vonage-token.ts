import { createHash, createHmac, createSign, randomUUID } from "node:crypto";
import { z } from "zod";
import { jsonOf } from "./receipt-body";
import { isSameText } from "./same-text";

/** Life of a token that signs a request, in seconds; Vonage's own client takes as much. */
const lifeSeconds = 900;
/** Vonage calls again for 24 hours; an hour more is for what waits on our side. */
const maxAgeSeconds = 25 * 3_600;
/** How far ahead of ours the signer's clock may run, in seconds. */
const leewaySeconds = 300;

/** A token (RFC 7519, RS256) by which an application of a Vonage account signs a request. */
export function applicationToken(applicationId: string, privateKey: string): string {
  const issuedAt = Math.floor(Date.now() / 1_000);
  const claims = { application_id: applicationId, iat: issuedAt, exp: issuedAt + lifeSeconds, jti: randomUUID() };
  const signed = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKey, "base64url")}`;
}

const header = z.object({ alg: z.literal("HS256") });
const claimsOf = z.object({ iat: z.number(), exp: z.number().optional(), payload_hash: z.string() });

/**
 * What speaks against a webhook's token (https://developer.vonage.com/en/getting-started/concepts/webhooks, "Decoding signed webhooks"):
 * HS256 with the signature secret, over claims that carry the SHA-256 of the body.
 * @returns null when nothing does
 */
export function webhookTokenFault(token: string, secret: string, body: Uint8Array): string | null {
  const [head = "", payload = "", signature = "", ...rest] = token.split(".");
  if (rest.length > 0 || !header.safeParse(decode(head)).success) return "the token is not a JWT with HS256";
  const expected = createHmac("sha256", secret).update(`${head}.${payload}`).digest("base64url");
  if (!isSameText(signature, expected)) return "the token's signature is wrong";
  const claims = claimsOf.safeParse(decode(payload));
  if (!claims.success) return "the token lacks iat or payload_hash";
  const { iat, exp, payload_hash: hash } = claims.data;
  const now = Date.now() / 1_000;
  if (iat < now - maxAgeSeconds || iat > now + leewaySeconds) return "the token is too old";
  if (exp !== undefined && exp < now - maxAgeSeconds) return "the token has expired";
  const actual = createHash("sha256").update(body).digest("hex");
  return isSameText(hash.toLowerCase(), actual) ? null : "the body is not the one that was signed";
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

function decode(part: string): unknown {
  return jsonOf(Buffer.from(part, "base64url"));
}
