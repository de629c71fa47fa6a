import { createHmac, randomInt, randomUUID } from "node:crypto";
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

/** A message that Plivo's API accepted. */
export interface PlivoMessage {
  uuid: string;
  to: string;
  /** Empty when a Powerpack picks it. */
  from: string;
  text: string;
  /** The request as it came. */
  fields: Record<string, unknown>;
}

const paths = /^\/v1\/Account\/(\w+)\/(Message\/)?$/;

/**
 * Plivo's Message API, https://www.plivo.com/docs/messaging/api/message/send-a-message, and the account; the token `wrong` is
 * refused. Counts by text.
 */
export function plivoProtocol(onMessage?: (message: PlivoMessage) => void): HttpProtocol {
  return httpProtocol(({ script, tally }) => (request) => {
    const [, authId, messages] = paths.exec(request.path) ?? [];
    if (!authId) return problem(404, "not found");
    if (!isAuthentic(request, authId)) return { status: 401, body: "Could not verify your access level for that URL." };
    if (request.method === "GET" && !messages) {
      return { status: 200, body: { api_id: randomUUID(), auth_id: authId, account_type: "standard", name: "Acme" } };
    }
    if (request.method !== "POST" || !messages) return problem(405, "method not allowed");
    return meet(script, () => {
      const fields = fieldsOf(request);
      const refusal = refusalOf(fields);
      if (refusal) return refusal;
      const { src = "", dst = "", text = "" } = fields as Record<string, string>;
      const message = { uuid: randomUUID(), to: dst, from: src, text, fields };
      tally.add(text);
      onMessage?.(message);
      const body = { api_id: randomUUID(), message: "message(s) queued", message_uuid: [message.uuid] };
      return { status: 202, body };
    });
  });
}

export function createPlivoFake({ port, onMessage }: FakeOptions<PlivoMessage> = {}): Promise<HttpFake> {
  return listenHttp(plivoProtocol(onMessage), port);
}

/** An answer as Plivo words its refusals. */
export function problem(status: number, error: string, headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers, body: { api_id: randomUUID(), error } };
}

/** A call of a webhook as Plivo makes it, signed by V3, which covers the form, or by V2, which covers the URL. */
export function plivoCall(
  url: string,
  authToken: string,
  fields: Record<string, string>,
  version: "v2" | "v3" = "v3",
): VendorCall {
  const nonce = String(randomInt(1e9, 1e10));
  const sorted = Object.keys(fields).sort();
  const form = sorted.map((name) => name + fields[name]).join("");
  const signed = version === "v3" ? `${url}?${form}.${nonce}` : url + nonce;
  return {
    method: "POST",
    url,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      [`x-plivo-signature-${version}`]: createHmac("sha256", authToken).update(signed).digest("base64"),
      [`x-plivo-signature-${version}-nonce`]: nonce,
    },
    body: Buffer.from(new URLSearchParams(fields).toString()),
  };
}

function isAuthentic({ headers }: HttpRequest, authId: string): boolean {
  const [scheme, credentials = ""] = (headers.authorization ?? "").split(" ");
  const [user, token] = Buffer.from(credentials, "base64").toString().split(":");
  return scheme === "Basic" && user === authId && Boolean(token) && token !== "wrong";
}

function fieldsOf({ body, headers }: HttpRequest): Record<string, unknown> {
  if (headers["content-type"] !== "application/json") return {};
  try {
    return JSON.parse(body.toString());
  } catch {
    return {}; // refused for what it lacks
  }
}

function refusalOf({ src, powerpack_uuid, dst, text, url }: Record<string, unknown>): HttpAnswer | null {
  if (!dst) return problem(400, "dst parameter not present");
  if (!text) return problem(400, "text parameter not present");
  if (!src && !powerpack_uuid) return problem(400, "src or powerpack_uuid parameter not present");
  if (url !== undefined && !/^https?:\/\//.test(String(url))) return problem(400, "url parameter is invalid");
  return /^\+?[1-9]\d{6,14}$/.test(String(dst)) ? null : problem(400, `${dst} is not a valid phone number`);
}
