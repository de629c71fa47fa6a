import {
  type FakeOptions,
  type HttpAnswer,
  type HttpFake,
  type HttpFault,
  type HttpProtocol,
  type HttpRequest,
  httpProtocol,
  listenHttp,
  meet,
} from "./http-fake";
import { createScript, type Script } from "./script";

/** A push message that FCM's API accepted. */
export interface FcmMessage {
  /** `projects/…/messages/…`. */
  name: string;
  token: string;
  title: string;
  body: string;
  /** The message as it came. */
  message: Record<string, unknown>;
}

export interface FcmProtocol extends HttpProtocol {
  /** Faults for requests of access tokens. */
  tokenScript: Script<HttpFault>;
  /** Access tokens asked for so far. */
  tokenRequests(): number;
}

const sendPath = /^\/v1\/projects\/([^/]+)\/messages:send$/;
/** Either lets an access token send. */
const scopes = /\/auth\/(?:firebase\.messaging|cloud-platform)\b/;
/** Accepted whichever process gave it out, so that a restarted fake goes on serving. */
const accessTokenPrefix = "fake-access-token.";

/**
 * FCM's v1 send and Google's token endpoint, https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages.
 * Device tokens that begin with `unregistered` or `invalid` are refused in FCM's words. Counts by Android tag, else by token.
 */
export function fcmProtocol(onMessage?: (message: FcmMessage) => void): FcmProtocol {
  const tokenScript = createScript<HttpFault>();
  let tokenRequests = 0;
  let sent = 0;
  const protocol = httpProtocol(({ script, tally }) => (request) => {
    if (request.method === "POST" && request.path === "/token") {
      tokenRequests++;
      return meet(tokenScript, () => grant(request));
    }
    const [, project] = sendPath.exec(request.path) ?? [];
    if (request.method !== "POST" || !project) return problem(404, "NOT_FOUND", "Not found");
    if (!request.headers.authorization?.startsWith(`Bearer ${accessTokenPrefix}`)) {
      return problem(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
    }
    return meet(script, () => {
      const { message } = JSON.parse(request.body.toString()) as { message: SentMessage };
      const { token = "", notification = {}, android } = message;
      const refusal = refusalOf(token);
      if (refusal) return refusal;
      const name = `projects/${project}/messages/0:${Date.now()}%${(sent++).toString(16).padStart(8, "0")}`;
      tally.add(android?.notification?.tag ?? token);
      onMessage?.({ name, token, title: notification.title ?? "", body: notification.body ?? "", message });
      return { status: 200, body: { name } };
    });
  });
  return { ...protocol, tokenScript, tokenRequests: () => tokenRequests };
}

export function createFcmFake({ port, onMessage }: FakeOptions<FcmMessage> = {}): Promise<FcmProtocol & HttpFake> {
  return listenHttp(fcmProtocol(onMessage), port);
}

/** An answer as Google words its refusals; `errorCode` is FCM's own word within it. */
export function problem(
  status: number,
  word: string,
  message: string,
  errorCode?: string,
  headers: Record<string, string> = {},
): HttpAnswer {
  const details = errorCode ? [{ "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", errorCode }] : [];
  return { status, headers, body: { error: { code: status, message, status: word, details } } };
}

interface SentMessage extends Record<string, unknown> {
  token?: string;
  notification?: { title?: string; body?: string };
  android?: { notification?: { tag?: string } };
}

function refusalOf(token: string): HttpAnswer | null {
  if (token.startsWith("unregistered")) {
    return problem(404, "NOT_FOUND", "Requested entity was not found.", "UNREGISTERED");
  }
  if (token !== "" && !token.startsWith("invalid")) return null;
  const words = "The registration token is not a valid FCM registration token";
  return problem(400, "INVALID_ARGUMENT", words, "INVALID_ARGUMENT");
}

/** RFC 7523: an access token for an assertion that a service account signed. Its shape is checked, its signature is not. */
function grant({ body }: HttpRequest): HttpAnswer {
  const form = new URLSearchParams(body.toString());
  if (form.get("grant_type") !== "urn:ietf:params:oauth:grant-type:jwt-bearer") {
    return { status: 400, body: { error: "unsupported_grant_type", error_description: "Invalid grant_type" } };
  }
  const [header, claims, signature = ""] = (form.get("assertion") ?? "").split(".");
  const { alg } = decode(header);
  const { iss, scope, aud, iat, exp } = decode(claims);
  const isShort = Number(exp) - Number(iat) <= 3_600 && Number(exp) * 1_000 > Date.now();
  const isSigned = alg === "RS256" && Buffer.from(signature, "base64url").length >= 128;
  if (!isSigned || !isShort || !scopes.test(String(scope)) || !String(aud).endsWith("/token") || !iss) {
    return invalidGrant("Invalid JWT: RS256, for this endpoint, with a scope, living an hour at most.");
  }
  const token = accessTokenPrefix + Buffer.from(String(iss)).toString("base64url");
  return { status: 200, body: { access_token: token, expires_in: 3_599, token_type: "Bearer" } };
}

/** Google's answer to an assertion it doesn't accept. */
export function invalidGrant(description: string): HttpAnswer {
  return { status: 400, body: { error: "invalid_grant", error_description: description } };
}

function decode(part = ""): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString());
  } catch {
    return {}; // a malformed assertion is refused for what it lacks
  }
}
