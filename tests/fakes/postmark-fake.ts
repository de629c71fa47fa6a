import { createHash, randomUUID } from "node:crypto";
import { type ApiMail, headerEntry, jsonBody } from "./api-mail";
import {
  type FakeOptions,
  type HttpAnswer,
  type HttpFake,
  type HttpProtocol,
  httpProtocol,
  listenHttp,
  meet,
} from "./http-fake";
import { type CallOptions, jsonCall, type MailEvent, type ToldMail } from "./mail-event";
import type { VendorCall } from "./vendor-call";

/** A mail that Postmark accepted, and the stream it goes out by. */
export interface PostmarkMail extends ApiMail {
  stream: string;
}

export interface PostmarkFakeOptions extends FakeOptions<PostmarkMail> {
  serverToken?: string;
  /** Addresses that are inactive after a bounce. */
  inactive?: string[];
}

/** The token the fake knows unless it is told otherwise. */
export const postmarkToken = "0a1b2c3d-server-token";

/** Postmark's email, batch and server calls, https://postmarkapp.com/developer/api/email-api. Counts by Message-ID. */
export function postmarkProtocol(options: PostmarkFakeOptions = {}): HttpProtocol {
  const { serverToken = postmarkToken, inactive = [], onMessage } = options;
  return httpProtocol(({ script, tally }) => (request) => {
    if (request.headers["x-postmark-server-token"] !== serverToken) {
      return problem(401, 10, "Request does not contain a valid Server token.");
    }
    const route = `${request.method} ${request.path}`;
    if (route === "GET /server") return { status: 200, body: { ID: 1, Name: "acme", DeliveryType: "Live" } };
    if (route !== "POST /email" && route !== "POST /email/batch") return problem(404, 0, "Not found");
    return meet(script, () => {
      const body = jsonBody(request.body);
      const isBatch = route === "POST /email/batch";
      if (isBatch && (!Array.isArray(body) || body.length > 500)) {
        return problem(422, 410, "Batch send requests must contain 1 to 500 messages.");
      }
      const answers = ([body].flat() as Body[]).map((one) => {
        const mail = mailOf(one ?? {}, inactive);
        if ("ErrorCode" in mail) return mail;
        tally.add(mail.headers["message-id"] ?? "");
        onMessage?.(mail);
        return { To: mail.to, SubmittedAt: new Date().toISOString(), MessageID: mail.id, ErrorCode: 0, Message: "OK" };
      });
      if (isBatch) return { status: 200, body: answers };
      return { status: answers[0]?.ErrorCode === 0 ? 200 : 422, body: answers[0] };
    });
  });
}

export function createPostmarkFake(options: PostmarkFakeOptions = {}): Promise<HttpFake> {
  return listenHttp(postmarkProtocol(options), options.port);
}

/** An answer as Postmark words its refusals. */
export function problem(
  status: number,
  ErrorCode: number,
  Message: string,
  headers: Record<string, string> = {},
): HttpAnswer {
  return { status, headers, body: { ErrorCode, Message } };
}

interface Body {
  From?: string;
  To?: string;
  ReplyTo?: string;
  Subject?: string;
  TextBody?: string;
  HtmlBody?: string;
  MessageStream?: string;
  Headers?: { Name: string; Value: string }[];
  Attachments?: { Name: string; Content: string; ContentType: string }[];
}

function mailOf(body: Body, inactive: readonly string[]): PostmarkMail | { ErrorCode: number; Message: string } {
  const {
    From = "",
    To = "",
    ReplyTo = "",
    Subject = "",
    TextBody = "",
    HtmlBody = "",
    MessageStream = "outbound",
  } = body;
  if (!/@/.test(From)) return { ErrorCode: 300, Message: "Invalid 'From' address." };
  if (!/^[^@\s]+@[^@\s]+$/.test(To)) return { ErrorCode: 300, Message: `Invalid 'To' address: '${To}'.` };
  if (!TextBody && !HtmlBody) return { ErrorCode: 300, Message: "Provide either email TextBody or HtmlBody or both." };
  if (inactive.includes(To)) {
    const why =
      "Inactive recipients are ones that have generated a hard bounce, a spam complaint, or a manual suppression.";
    return { ErrorCode: 406, Message: `You tried to send to recipient(s) that have been marked as inactive. ${why}` };
  }
  return {
    id: randomUUID(),
    from: From,
    to: To,
    replyTo: ReplyTo,
    subject: Subject,
    text: TextBody,
    html: HtmlBody,
    stream: MessageStream,
    headers: Object.fromEntries((body.Headers ?? []).map(({ Name, Value }) => headerEntry(Name, Value))),
    attachments: (body.Attachments ?? []).map(({ Name, Content, ContentType }) => ({
      filename: Name,
      contentType: ContentType,
      content: Buffer.from(Content, "base64"),
    })),
  };
}

/** An event as Postmark posts it to a URL that was given with a user and a password. */
export function postmarkCall(event: unknown, user: string, password: string, { url }: CallOptions = {}): VendorCall {
  return jsonCall(event, { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` }, url);
}

/** https://postmarkapp.com/developer/webhooks/webhooks-overview */
export function postmarkEvent(event: MailEvent, { id, to }: ToldMail): Record<string, unknown> {
  const at = "2026-05-01T12:00:00.0000000Z";
  const base = { MessageID: id, ServerID: 1, MessageStream: "outbound", Metadata: {} };
  const ID = createHash("md5")
    .update(event + id)
    .digest()
    .readUInt32BE();
  const bounce = { ...base, RecordType: "Bounce", ID, Email: to, BouncedAt: at, Inactive: true };
  const said = {
    delivered: { ...base, RecordType: "Delivery", Recipient: to, DeliveredAt: at, Details: "250 OK" },
    bounced_hard: {
      ...bounce,
      Type: "HardBounce",
      TypeCode: 1,
      Description: "The server was unable to deliver your message.",
      Details: "550 5.1.1 unknown",
    },
    bounced_soft: { ...bounce, Type: "SoftBounce", TypeCode: 4096, Inactive: false, Details: "452 mailbox full" },
    complained: { ...bounce, RecordType: "SpamComplaint", Type: "SpamComplaint", TypeCode: 100_001 },
    opened: { ...base, RecordType: "Open", Recipient: to, ReceivedAt: at, FirstOpen: true },
    clicked: { ...base, RecordType: "Click", Recipient: to, ReceivedAt: at, OriginalLink: "https://acme.test/offer" },
    unsubscribed: {
      ...base,
      RecordType: "SubscriptionChange",
      Recipient: to,
      ChangedAt: at,
      Origin: "Recipient",
      SuppressSending: true,
      SuppressionReason: "ManualSuppression",
    },
    delayed: { ...bounce, Type: "Transient", TypeCode: 2, Inactive: false },
  };
  return said[event];
}
