import { createHash, createHmac, randomUUID } from "node:crypto";
import { type ApiMail, headerEntry, jsonBody } from "./api-mail";
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
import { type CallOptions, jsonCall, type MailEvent, type ToldMail } from "./mail-event";
import type { VendorCall } from "./vendor-call";

/** A mail that Resend accepted, and its idempotency key, empty when it had none. */
export interface ResendMail extends ApiMail {
  idempotencyKey: string;
}

export interface ResendFakeOptions extends FakeOptions<ResendMail> {
  apiKey?: string;
  /** Whether the key may do nothing but send. */
  sendingOnly?: boolean;
  /** Called with a mail whose key had come before: it is answered as the first one was, and not sent. */
  onRepeat?(mail: ResendMail): void;
}

/** The key the fake knows unless it is told otherwise. */
export const resendKey = "re_123456789";

/** Resend's emails and domains, https://resend.com/docs/api-reference/introduction. A key repeated is sent once. Counts by key. */
export function resendProtocol(options: ResendFakeOptions = {}): HttpProtocol {
  const { apiKey = resendKey, sendingOnly = false, onMessage, onRepeat } = options;
  const answered = new Map<string, { id: string; digest: string }>();
  return httpProtocol(({ script, tally }) => (request) => {
    const { authorization } = request.headers;
    if (!authorization) return problem(401, "missing_api_key", "Missing API key in the authorization header.");
    if (authorization !== `Bearer ${apiKey}`) return problem(403, "invalid_api_key", "API key is invalid.");
    if (request.method === "GET" && request.path === "/domains") {
      if (sendingOnly) return problem(401, "restricted_api_key", "This API key is restricted to only send emails.");
      return { status: 200, body: { object: "list", has_more: false, data: [] } };
    }
    if (request.method !== "POST" || request.path !== "/emails") return problem(404, "not_found", "Not found");
    return meet(script, () => {
      const mail = mailOf(request);
      if ("status" in mail) return mail;
      const digest = createHash("sha256").update(request.body).digest("hex");
      const earlier = answered.get(mail.idempotencyKey);
      if (earlier && earlier.digest !== digest) {
        return problem(
          409,
          "invalid_idempotent_request",
          "Same idempotency key used with a different request payload.",
        );
      }
      if (earlier) {
        onRepeat?.(mail);
        return { status: 200, body: { id: earlier.id } };
      }
      if (mail.idempotencyKey) answered.set(mail.idempotencyKey, { id: mail.id, digest });
      tally.add(mail.idempotencyKey);
      onMessage?.(mail);
      return { status: 200, body: { id: mail.id } };
    });
  });
}

export function createResendFake(options: ResendFakeOptions = {}): Promise<HttpFake> {
  return listenHttp(resendProtocol(options), options.port);
}

/** An answer as Resend words its refusals. */
export function problem(
  statusCode: number,
  name: string,
  message: string,
  headers: Record<string, string> = {},
): HttpAnswer {
  return { status: statusCode, headers, body: { statusCode, name, message } };
}

interface Body {
  from?: string;
  to?: string | string[];
  reply_to?: string;
  subject?: string;
  html?: string;
  text?: string;
  headers?: Record<string, string>;
  attachments?: { filename: string; content: string; content_type?: string }[];
}

const mailboxForm = /^(?:[^<>]*<[^@\s<>]+@[^@\s<>]+>|[^@\s<>]+@[^@\s<>]+)$/;

function mailOf({ body: bytes, headers: requestHeaders }: HttpRequest): ResendMail | HttpAnswer {
  const {
    from = "",
    to = "",
    reply_to: replyTo = "",
    subject = "",
    html = "",
    text = "",
    headers = {},
    attachments = [],
  } = (jsonBody(bytes) ?? {}) as Body;
  const [recipient = ""] = [to].flat();
  const required = { from, to: recipient, subject };
  for (const [name, value] of Object.entries(required)) {
    if (!value) return problem(422, "missing_required_field", `Missing \`${name}\` field.`);
  }
  if (!html && !text) return problem(422, "missing_required_field", "Missing `html` or `text` field.");
  for (const [name, value] of [
    ["from", from],
    ["to", recipient],
  ] as const) {
    if (!mailboxForm.test(value)) {
      return problem(
        422,
        "validation_error",
        `Invalid \`${name}\` field. The email address needs to follow the \`email@example.com\` format.`,
      );
    }
  }
  return {
    id: randomUUID(),
    from,
    to: recipient,
    replyTo,
    subject,
    html,
    text,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => headerEntry(name, value))),
    attachments: attachments.map(({ filename, content, content_type = "" }) => ({
      filename,
      contentType: content_type,
      content: Buffer.from(content, "base64"),
    })),
    idempotencyKey: String(requestHeaders["idempotency-key"] ?? ""),
  };
}

/** An event as Resend posts it, signed as Svix does. */
export function resendCall(event: unknown, secret: string, { url, atMs = Date.now() }: CallOptions = {}): VendorCall {
  const call = jsonCall(event, {}, url);
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(atMs / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${call.body}`).digest("base64");
  Object.assign(call.headers, { "svix-id": id, "svix-timestamp": timestamp, "svix-signature": `v1,${signature}` });
  return call;
}

/** https://resend.com/docs/webhooks/event-types */
export function resendEvent(event: Exclude<MailEvent, "unsubscribed">, { id, to }: ToldMail): Record<string, unknown> {
  const created_at = "2026-05-01T12:00:00.000Z";
  const base = { created_at, email_id: id, from: "hello@acme.test", to: [to], subject: "Hello" };
  const bounce = { message: "550 5.1.1 unknown", subType: "General" };
  const person = { ipAddress: "192.0.2.1", timestamp: created_at, userAgent: "Mozilla/5.0" };
  const said = {
    delivered: { type: "email.delivered" },
    bounced_hard: { type: "email.bounced", data: { bounce: { ...bounce, type: "Permanent" } } },
    bounced_soft: { type: "email.bounced", data: { bounce: { ...bounce, type: "Transient" } } },
    complained: { type: "email.complained" },
    opened: { type: "email.opened" },
    clicked: { type: "email.clicked", data: { click: { ...person, link: "https://acme.test/offer" } } },
    delayed: { type: "email.delivery_delayed" },
  };
  const { type, data = {} } = said[event] as { type: string; data?: object };
  return { type, created_at, data: { ...base, ...data } };
}
