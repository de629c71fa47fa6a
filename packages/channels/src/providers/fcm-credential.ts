import type { Credential } from "firebase-admin/app";
import { request } from "undici";
import { z } from "zod";
import type { OutboundGuard } from "../outbound-guard";
import { signJwt } from "./sign-jwt";

const tokenUrl = "https://oauth2.googleapis.com/token";
const scope = "https://www.googleapis.com/auth/firebase.messaging";
/** The longest an assertion may live, in seconds. */
const lifetimeSeconds = 3_600;
/** Longest wait for a token, in milliseconds. */
const timeoutMs = 10_000;

/** Most of an answer that is read, in bytes. */
const maxResponseSize = 65_536;

const grant = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/**
 * Access tokens for a service account (RFC 7523, https://developers.google.com/identity/protocols/oauth2/service-account).
 * The SDK's own credential can't be pointed at another URL; it caches and renews what this one gives it.
 */
export function serviceAccountCredential(
  account: { client_email: string; private_key: string },
  apiUrl: string | undefined,
  guard: OutboundGuard,
): Credential {
  const url = apiUrl === undefined ? tokenUrl : `${apiUrl.replace(/\/$/, "")}/token`;
  return {
    async getAccessToken() {
      const dispatcher = guard.agent({ maxResponseSize }); // one request an hour keeps no socket
      try {
        const { statusCode, body } = await request(url, {
          dispatcher,
          method: "POST",
          headers: { "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams({
            grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
            assertion: assertionOf(account),
          }).toString(),
          signal: AbortSignal.timeout(timeoutMs),
        });
        const text = await body.text();
        if (statusCode !== 200) throw new Error(`${statusCode} ${text.slice(0, 500)}`);
        return grant.parse(JSON.parse(text));
      } finally {
        await dispatcher.destroy();
      }
    },
  };
}

function assertionOf({ client_email: iss, private_key }: { client_email: string; private_key: string }): string {
  const iat = Math.floor(Date.now() / 1_000);
  const claims = { iss, scope, aud: tokenUrl, iat, exp: iat + lifetimeSeconds };
  return signJwt({ alg: "RS256" }, claims, private_key);
}
