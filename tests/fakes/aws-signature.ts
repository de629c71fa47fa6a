import { createHash, createHmac } from "node:crypto";
import type { HttpRequest } from "./http-fake";

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** What is wrong with a request's Signature Version 4 as AWS names it; null when it is right. `host` is the one it was signed for. */
export function awsForgeryOf(request: HttpRequest, { accessKeyId, secretAccessKey }: AwsCredentials, host: string) {
  const { authorization = "" } = request.headers;
  const [, keyId = "", scope = "", names = "", signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? [];
  if (!signature) return "MissingAuthenticationTokenException";
  if (keyId !== accessKeyId) return "UnrecognizedClientException";
  const headers = names.split(";").map((name) => `${name}:${name === "host" ? host : request.headers[name]}\n`);
  const query = [...request.query]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join("&");
  const canonical = [request.method, request.path, query, headers.join(""), names, sha256(request.body)].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const key = scope.split("/").reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretAccessKey}`);
  return hmac(key, toSign).toString("hex") === signature ? null : "InvalidSignatureException";
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac("sha256", key).update(data).digest();
}
