import { sign } from "node:crypto";

/**
 * A signed JSON Web Token (RFC 7515, RFC 7519).
 * @param privateKey in PEM form: RSA for RS256, P-256 for ES256
 */
export function signJwt(header: { alg: "RS256" | "ES256"; kid?: string }, claims: object, privateKey: string): string {
  const input = [{ typ: "JWT", ...header }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  // Of the two forms of an ECDSA signature JWTs take the one without ASN.1; RSA has but one.
  const signature = sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${input}.${signature.toString("base64url")}`;
}
