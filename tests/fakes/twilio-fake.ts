import { createHmac, randomBytes } from "node:crypto";
import { countSmsSegments } from "@tidings/shared/sms-segments";
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

/** A message that Twilio's API accepted. */
export interface TwilioMessage {
  sid: string;
  channel: "sms" | "whatsapp";
  /** Without Twilio's `whatsapp:`. */
  to: string;
  /** Empty when a messaging service picks it. */
  from: string;
  text: string;
  /** The request's fields as they came. */
  fields: Record<string, string>;
}

/** The magic numbers of Twilio's test credentials, https://www.twilio.com/docs/iam/test-credentials. */
const magicNumbers: Record<string, [code: number, message: string]> = {
  "+15005550001": [21211, "The 'To' number +15005550001 is not a valid phone number."],
  "+15005550004": [21610, "Attempt to send to unsubscribed recipient"],
  "+15005550009": [21614, "'To' number is not a valid mobile number"],
};

const messagesPath = /^\/2010-04-01\/Accounts\/(AC\w+)\/Messages\.json$/;
const accountPath = /^\/2010-04-01\/Accounts\/(AC\w+)\.json$/;

/**
 * Twilio's Messages resource, https://www.twilio.com/docs/messaging/api/message-resource, and the account it belongs to; the
 * token `wrong` is refused. Counts by text.
 */
export function twilioProtocol(onMessage?: (message: TwilioMessage) => void): HttpProtocol {
  return httpProtocol(({ script, tally }) => (request) => {
    const [, ownSid] = accountPath.exec(request.path) ?? [];
    if (request.method === "GET" && ownSid) {
      if (!isAuthentic(request, ownSid)) return problem(401, 20003, "Authenticate");
      return { status: 200, body: { sid: ownSid, friendly_name: "Acme", status: "active", type: "Full" } };
    }
    const [, accountSid] = messagesPath.exec(request.path) ?? [];
    if (request.method !== "POST" || !accountSid) return problem(404, 20404, `${request.path} was not found`);
    if (!isAuthentic(request, accountSid)) return problem(401, 20003, "Authenticate");
    return meet(script, () => {
      const fields = Object.fromEntries(new URLSearchParams(request.body.toString()));
      const refusal = refusalOf(fields);
      if (refusal) return refusal;
      const message = messageOf(fields);
      tally.add(message.text);
      onMessage?.(message);
      return { status: 201, body: resource(message, accountSid) };
    });
  });
}

export function createTwilioFake({ port, onMessage }: FakeOptions<TwilioMessage> = {}): Promise<HttpFake> {
  return listenHttp(twilioProtocol(onMessage), port);
}

/** An answer as Twilio words its refusals. */
export function problem(
  status: number,
  code: number,
  message: string,
  headers: Record<string, string> = {},
): HttpAnswer {
  return { status, headers, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } };
}

/** A call of a webhook as Twilio makes and signs it: https://www.twilio.com/docs/usage/security#validating-requests */
export function twilioCall(url: string, authToken: string, fields: Record<string, string>): VendorCall {
  const sorted = Object.keys(fields).sort();
  const signed = url + sorted.map((name) => name + fields[name]).join("");
  return {
    method: "POST",
    url,
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
      "x-twilio-signature": createHmac("sha1", authToken).update(signed).digest("base64"),
    },
    body: Buffer.from(new URLSearchParams(fields).toString()),
  };
}

function isAuthentic({ headers }: HttpRequest, accountSid: string): boolean {
  const [scheme, credentials = ""] = (headers.authorization ?? "").split(" ");
  const [user, token] = Buffer.from(credentials, "base64").toString().split(":");
  return scheme === "Basic" && user === accountSid && Boolean(token) && token !== "wrong";
}

function refusalOf(fields: Record<string, string>): HttpAnswer | null {
  const { To, From, MessagingServiceSid, Body, ContentSid, StatusCallback } = fields;
  if (!To) return problem(400, 21604, "A 'To' phone number is required.");
  if (!From && !MessagingServiceSid) return problem(400, 21603, "A 'From' phone number is required.");
  if (!Body && !ContentSid) return problem(400, 21602, "Message body is required.");
  if (StatusCallback !== undefined && !/^https?:\/\/[^/]+\.[^/]+/.test(StatusCallback)) {
    return problem(400, 21609, "The 'StatusCallback' URL is not a valid URL.");
  }
  const number = To.replace(/^whatsapp:/, "");
  const magic = magicNumbers[number];
  if (magic) return problem(400, ...magic);
  return /^\+[1-9]\d{6,14}$/.test(number) ? null : problem(400, 21211, `Invalid 'To' Phone Number: ${number}`);
}

function messageOf(fields: Record<string, string>): TwilioMessage {
  const { To = "", From = "", Body, ContentSid, ContentVariables = "" } = fields;
  return {
    sid: `SM${randomBytes(16).toString("hex")}`,
    channel: To.startsWith("whatsapp:") ? "whatsapp" : "sms",
    to: To.replace(/^whatsapp:/, ""),
    from: From.replace(/^whatsapp:/, ""),
    text: Body ?? `${ContentSid} ${ContentVariables}`.trim(),
    fields,
  };
}

/** The parts of Twilio's resource that clients read. */
function resource({ sid, channel, text, fields }: TwilioMessage, accountSid: string): Record<string, unknown> {
  const now = new Date().toUTCString();
  return {
    sid,
    account_sid: accountSid,
    to: fields.To,
    from: fields.From ?? null,
    messaging_service_sid: fields.MessagingServiceSid ?? null,
    body: text,
    // A service has picked no number yet when it answers: https://www.twilio.com/docs/messaging/api/message-resource
    num_segments: String(fields.MessagingServiceSid ? 0 : channel === "sms" ? countSmsSegments(text).segments : 1),
    num_media: "0",
    status: fields.MessagingServiceSid ? "accepted" : "queued",
    direction: "outbound-api",
    error_code: null,
    error_message: null,
    date_created: now,
    date_updated: now,
    date_sent: null,
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}.json`,
  };
}
