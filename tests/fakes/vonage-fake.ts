import { createHash, createHmac, createPublicKey, createVerify, type KeyLike, randomUUID } from "node:crypto";
import {
  type FakeOptions,
  type HttpAnswer,
  type HttpFake,
  type HttpProtocol,
  type HttpRequest,
  httpProtocol,
  listenHttp,
  meet,
} from "./http-fake";
import type { VendorCall } from "./vendor-call";

/** A message that Vonage's API accepted. */
export interface VonageMessage {
  uuid: string;
  to: string;
  from: string;
  text: string;
  /** The request as it came. */
  fields: Record<string, unknown>;
}

/** What the fake knows of the account; without it any key and secret do, except the secret `wrong`. */
export interface VonageAccount {
  /** By application ID, the keys that verify its tokens. */
  applications?: Record<string, KeyLike>;
}

/** Vonage's limit of an SMS text, in characters. */
const maxText = 1_000;

/**
 * Vonage's Messages API for SMS, https://developer.vonage.com/en/api/messages, and the balance of its Account API. Counts by text.
 */
export function vonageProtocol(
  onMessage?: (message: VonageMessage) => void,
  account: VonageAccount = {},
): HttpProtocol {
  return httpProtocol(({ script, tally }) => (request) => {
    const { method, path } = request;
    if (method === "GET" && path === "/account/get-balance") {
      if (!isBasic(request)) return unauthorized;
      return { status: 200, body: { value: 10.28, autoReload: false } };
    }
    if (method !== "POST" || path !== "/v1/messages")
      return problem(404, "#not-found", "Not Found", `${path} is unknown`);
    if (!isBasic(request) && !isSignedByApplication(request, account)) return unauthorized;
    return meet(script, () => {
      const fields = fieldsOf(request);
      const refusal = refusalOf(fields);
      if (refusal) return refusal;
      const { to, from, text } = fields as Record<string, string>;
      const message = { uuid: randomUUID(), to: to ?? "", from: from ?? "", text: text ?? "", fields };
      tally.add(message.text);
      onMessage?.(message);
      return { status: 202, body: { message_uuid: message.uuid } };
    });
  });
}

export function createVonageFake({
  port,
  onMessage,
  ...account
}: FakeOptions<VonageMessage> & VonageAccount = {}): Promise<HttpFake> {
  return listenHttp(vonageProtocol(onMessage, account), port);
}

/** An answer as Vonage words its refusals (RFC 7807). `code` is the end of the URL that names it: `#1000` of the Messages API, or a word. */
export function problem(
  status: number,
  code: string,
  title: string,
  detail: string,
  more: { headers?: Record<string, string>; invalid_parameters?: { name: string; reason: string }[] } = {},
): HttpAnswer {
  const { headers = {}, ...fields } = more;
  const page = /^#\d/.test(code) ? "api-errors/messages" : "api-errors";
  return {
    status,
    headers,
    body: { type: `https://developer.vonage.com/${page}${code}`, title, detail, instance: randomUUID(), ...fields },
  };
}

const unauthorized = problem(401, "#unauthorized", "Unauthorized", "You did not provide correct credentials.");

/**
 * A call of a webhook as Vonage makes and signs it: https://developer.vonage.com/en/getting-started/concepts/webhooks
 * @param issuedAt in seconds since 1970
 */
export function vonageCall(
  url: string,
  signatureSecret: string,
  told: Record<string, unknown>,
  issuedAt = Math.floor(Date.now() / 1_000),
): VendorCall {
  const body = Buffer.from(JSON.stringify(told));
  const claims = {
    iat: issuedAt,
    jti: randomUUID(),
    iss: "Vonage",
    payload_hash: createHash("sha256").update(body).digest("hex"),
    api_key: "abcd1234",
  };
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  const signature = createHmac("sha256", signatureSecret).update(signed).digest("base64url");
  return {
    method: "POST",
    url,
    headers: { "content-type": "application/json", authorization: `Bearer ${signed}.${signature}` },
    body,
  };
}

function isBasic({ headers }: HttpRequest): boolean {
  const [scheme, credentials = ""] = (headers.authorization ?? "").split(" ");
  const [key, secret] = Buffer.from(credentials, "base64").toString().split(":");
  return scheme === "Basic" && Boolean(key) && Boolean(secret) && secret !== "wrong";
}

function isSignedByApplication({ headers }: HttpRequest, { applications = {} }: VonageAccount): boolean {
  const [scheme, token = ""] = (headers.authorization ?? "").split(" ");
  const [head = "", payload = "", signature = ""] = token.split(".");
  const { application_id: id, exp, jti } = decode(payload);
  const key = applications[String(id)];
  if (scheme !== "Bearer" || !key || decode(head).alg !== "RS256" || !jti || Number(exp) * 1_000 < Date.now())
    return false;
  return createVerify("RSA-SHA256")
    .update(`${head}.${payload}`)
    .verify(createPublicKey(key as Parameters<typeof createPublicKey>[0]), signature, "base64url");
}

function fieldsOf({ body }: HttpRequest): Record<string, unknown> {
  try {
    return JSON.parse(body.toString());
  } catch {
    return {}; // refused for what it lacks
  }
}

function refusalOf(fields: Record<string, unknown>): HttpAnswer | null {
  const { channel, message_type, to, from, text } = fields;
  const invalid: { name: string; reason: string }[] = [];
  if (channel !== "sms") invalid.push({ name: "channel", reason: "must be sms" });
  if (message_type !== "text") invalid.push({ name: "message_type", reason: "must be text" });
  if (typeof text !== "string" || text === "") invalid.push({ name: "text", reason: "Value is required" });
  if (String(text).length > maxText) invalid.push({ name: "text", reason: "length must be between 1 and 1000" });
  if (typeof from !== "string" || from === "") invalid.push({ name: "from", reason: "Value is required" });
  if (!/^[1-9]\d{6,14}$/.test(String(to))) invalid.push({ name: "to", reason: "Is not a valid E.164 number" });
  if (invalid.length === 0) return null;
  const detail = "The value of one or more parameters is invalid.";
  return problem(422, "#1020", "Invalid params", detail, { invalid_parameters: invalid });
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

function decode(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString());
  } catch {
    return {}; // a malformed token is refused for what it lacks
  }
}
