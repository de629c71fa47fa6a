import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { type ApiMail, headerEntry, jsonBody, mailboxText } from "./api-mail";
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

export interface SendgridFakeOptions extends FakeOptions<ApiMail> {
  apiKey?: string;
  /** What the key may do. */
  scopes?: string[];
}

/** The key the fake knows unless it is told otherwise. */
export const sendgridKey = "SG.key.secret";

/** SendGrid's v3 Mail Send and scopes, https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send. Counts by Message-ID. */
export function sendgridProtocol(options: SendgridFakeOptions = {}): HttpProtocol {
  const { apiKey = sendgridKey, scopes = ["mail.send", "2fa_required"], onMessage } = options;
  return httpProtocol(({ script, tally }) => (request) => {
    if (request.headers.authorization !== `Bearer ${apiKey}`) {
      return problem(401, "The provided authorization grant is invalid, expired, or revoked");
    }
    if (request.method === "GET" && request.path === "/v3/scopes") return { status: 200, body: { scopes } };
    if (request.method !== "POST" || request.path !== "/v3/mail/send") return problem(404, "not found");
    return meet(script, () => {
      const mail = mailOf(request);
      if ("status" in mail) return mail;
      tally.add(mail.headers["message-id"] ?? "");
      onMessage?.(mail);
      return { status: 202, headers: { "x-message-id": mail.id }, body: "" };
    });
  });
}

export function createSendgridFake(options: SendgridFakeOptions = {}): Promise<HttpFake> {
  return listenHttp(sendgridProtocol(options), options.port);
}

/** An answer as SendGrid words its refusals. */
export function problem(
  status: number,
  message: string,
  field: string | null = null,
  headers: Record<string, string> = {},
): HttpAnswer {
  return { status, headers, body: { errors: [{ message, field, help: null }] } };
}

interface Party {
  email: string;
  name?: string;
}
interface Body {
  personalizations?: { to?: Party[] }[];
  from?: Party;
  reply_to?: Party;
  subject?: string;
  content?: { type: string; value: string }[];
  headers?: Record<string, string>;
  attachments?: { filename: string; type: string; content: string; disposition?: string }[];
}

/** Headers that SendGrid reserves for itself. */
const reserved = new Set([
  "x-sg-id",
  "x-sg-eid",
  "received",
  "dkim-signature",
  "content-type",
  "content-transfer-encoding",
  "to",
  "from",
  "subject",
  "reply-to",
  "cc",
  "bcc",
]);

function mailOf({ body: bytes }: HttpRequest): ApiMail | HttpAnswer {
  const body = jsonBody(bytes) as Body | null;
  if (!body) return problem(400, "Bad Request");
  const [to] = body.personalizations?.[0]?.to ?? [];
  if (!to)
    return problem(
      400,
      "The to array is required for all personalization objects, and must have at least one email object with a valid email address.",
      "personalizations.0.to",
    );
  if (!/^[^@\s]+@[^@\s]+$/.test(to.email))
    return problem(400, "Does not contain a valid address.", "personalizations.0.to.0.email");
  if (!body.from?.email) return problem(400, "The from object must be provided for every email send.", "from.email");
  if (!body.subject) return problem(400, "The subject is required.", "subject");
  const { content = [], headers = {}, attachments = [] } = body;
  if (content.length === 0)
    return problem(400, "Unless a valid template_id is provided, the content parameter is required.", "content");
  if (content.findIndex(({ type }) => type === "text/plain") > 0) {
    return problem(400, "If present, text/plain must be first, followed by text/html.", "content");
  }
  if (Object.keys(headers).some((name) => reserved.has(name.toLowerCase())))
    return problem(400, "Reserved header.", "headers");
  const part = (type: string) => content.find((one) => one.type === type)?.value ?? "";
  return {
    id: randomBytes(16).toString("base64url"),
    from: mailboxText(body.from),
    to: to.email,
    replyTo: body.reply_to ? mailboxText(body.reply_to) : "",
    subject: body.subject,
    text: part("text/plain"),
    html: part("text/html"),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => headerEntry(name, value))),
    attachments: attachments.map(({ filename, type, content: base64 }) => ({
      filename,
      contentType: type,
      content: Buffer.from(base64, "base64"),
    })),
  };
}

/** A key pair of the Signed Event Webhook; `publicKey` is what SendGrid shows. */
export function sendgridWebhookKeys(): { publicKey: string; privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return { publicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64"), privateKey };
}

/** Events as SendGrid posts them, signed. */
export function sendgridCall(
  events: unknown,
  key: KeyObject,
  { url, atMs = Date.now() }: CallOptions = {},
): VendorCall {
  const call = jsonCall(events, {}, url);
  const timestamp = String(Math.floor(atMs / 1000));
  const signature = sign("sha256", Buffer.concat([Buffer.from(timestamp), call.body]), key).toString("base64");
  call.headers["x-twilio-email-event-webhook-signature"] = signature;
  call.headers["x-twilio-email-event-webhook-timestamp"] = timestamp;
  return call;
}

/** https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
export function sendgridEvent(event: MailEvent, { id, to }: ToldMail): Record<string, unknown> {
  const base = {
    email: to,
    timestamp: 1_777_636_800,
    sg_event_id: `evt-${event}-${id}`,
    sg_message_id: `${id}.recvd-5f9b8c-0-1`,
    "smtp-id": "<dlv_1@acme.test>",
  };
  const said = {
    delivered: { event: "delivered", response: "250 OK" },
    bounced_hard: { event: "bounce", type: "bounce", reason: "550 5.1.1 unknown", status: "5.1.1" },
    bounced_soft: { event: "bounce", type: "blocked", reason: "554 5.7.1 blocked", status: "5.7.1" },
    complained: { event: "spamreport" },
    opened: { event: "open", sg_machine_open: false },
    clicked: { event: "click", url: "https://acme.test/offer" },
    unsubscribed: { event: "unsubscribe" },
    delayed: { event: "deferred", response: "451 4.7.1 later", attempt: "1" },
  };
  return { ...base, ...said[event] };
}
