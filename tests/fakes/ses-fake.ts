import { randomBytes, randomUUID } from "node:crypto";
import { type ApiMail, headerEntry, jsonBody, mailboxText } from "./api-mail";
import { type AwsCredentials, awsForgeryOf } from "./aws-signature";
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
import type { CallOptions, MailEvent, ToldMail } from "./mail-event";
import { readMail } from "./read-mail";
import { type SnsTopicFake, snsTopic } from "./sns-topic";
import type { VendorCall } from "./vendor-call";

/** A mail that SES accepted, and its configuration set, empty when none was named. */
export interface SesMail extends ApiMail {
  configurationSetName: string;
}

export interface SesFakeOptions extends FakeOptions<SesMail> {
  credentials?: AwsCredentials;
  region?: string;
}

/** What the fake knows unless it is told otherwise. */
export const sesAccount = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret", region: "eu-central-1" };

export interface SesFake extends HttpFake {
  /** Where it publishes its events. */
  topic: SnsTopicFake;
  /** An event of a mail, published to its topic. */
  receipt(event: Exclude<MailEvent, "unsubscribed">, mail: ToldMail, options?: CallOptions): VendorCall;
}

/** SES's API v2 for sending raw mails, and the part of SNS that vouches for its events. Counts by Message-ID. */
export function sesProtocol(topic: SnsTopicFake, options: SesFakeOptions = {}): HttpProtocol {
  const { credentials = sesAccount, region = sesAccount.region, onMessage } = options;
  return httpProtocol(({ script, tally }) => async (request) => {
    const ofTopic = topic.answer(request);
    if (ofTopic) return ofTopic;
    const forgery = awsForgeryOf(request, credentials, `email.${region}.amazonaws.com`);
    if (forgery) return problem(403, forgery, "The security token included in the request is invalid.");
    const route = `${request.method} ${request.path}`;
    if (route === "GET /v2/email/account")
      return { status: 200, body: { SendingEnabled: true, EnforcementStatus: "HEALTHY" } };
    if (route !== "POST /v2/email/outbound-emails") return problem(404, "UnknownOperationException", "");
    const mail = await mailOf(request);
    return meet(script, () => {
      if (!mail) return problem(400, "BadRequestException", "Missing required field: Content.Raw.Data");
      if (!/^[^@\s]+@[^@\s]+$/.test(mail.to)) return problem(400, "BadRequestException", "Missing final '@domain'");
      tally.add(mail.headers["message-id"] ?? "");
      onMessage?.(mail);
      return { status: 200, body: { MessageId: mail.id } };
    });
  });
}

export async function createSesFake(options: SesFakeOptions = {}): Promise<SesFake> {
  const topic = snsTopic(options.region ?? sesAccount.region);
  const fake = await listenHttp(sesProtocol(topic, options), options.port);
  return {
    ...fake,
    topic,
    receipt: (event, mail, { url } = {}) => topic.notify(JSON.stringify(sesEvent(event, mail)), url),
  };
}

/** An answer as SES words its refusals. */
export function problem(
  status: number,
  type: string,
  message: string,
  headers: Record<string, string> = {},
): HttpAnswer {
  return { status, headers: { "x-amzn-errortype": type, ...headers }, body: { message } };
}

async function mailOf({ body }: HttpRequest): Promise<SesMail | null> {
  const {
    Content,
    Destination,
    ConfigurationSetName = "",
  } = (jsonBody(body) ?? {}) as {
    Content?: { Raw?: { Data?: string } };
    Destination?: { ToAddresses?: string[] };
    ConfigurationSetName?: string;
  };
  const raw = Content?.Raw?.Data;
  if (!raw) return null;
  const read = await readMail(Buffer.from(raw, "base64"));
  const { address = "", name } = read.from ?? {};
  return {
    id: `0107${randomBytes(6).toString("hex")}-${randomUUID()}-000000`,
    from: mailboxText({ email: address, name }),
    to: Destination?.ToAddresses?.[0] ?? "",
    replyTo: read.replyTo?.[0]?.address ?? "",
    subject: read.subject ?? "",
    text: (read.text ?? "").trimEnd(),
    html: (read.html ?? "").trimEnd(),
    headers: Object.fromEntries(read.headers.map(({ key, value }) => headerEntry(key, value))),
    attachments: read.attachments.map(({ filename, mimeType, content }) => ({
      filename: filename ?? "",
      contentType: mimeType,
      content: Buffer.from(content as ArrayBuffer),
    })),
    configurationSetName: ConfigurationSetName,
  };
}

/** https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html */
export function sesEvent(event: Exclude<MailEvent, "unsubscribed">, { id, to }: ToldMail): Record<string, unknown> {
  const timestamp = "2026-05-01T12:00:00.000Z";
  const mail = { timestamp, messageId: id, source: "hello@acme.test", destination: [to] };
  const feedbackId = `0107${id}`;
  const bounced = [{ emailAddress: to, action: "failed", status: "5.1.1", diagnosticCode: "smtp; 550 5.1.1 unknown" }];
  const bounce = { feedbackId, timestamp, bouncedRecipients: bounced };
  const person = { ipAddress: "192.0.2.1", timestamp, userAgent: "Mozilla/5.0" };
  const said = {
    delivered: { eventType: "Delivery", delivery: { timestamp, recipients: [to], smtpResponse: "250 2.0.0 OK" } },
    bounced_hard: { eventType: "Bounce", bounce: { ...bounce, bounceType: "Permanent", bounceSubType: "General" } },
    bounced_soft: { eventType: "Bounce", bounce: { ...bounce, bounceType: "Transient", bounceSubType: "MailboxFull" } },
    complained: {
      eventType: "Complaint",
      complaint: {
        feedbackId,
        timestamp,
        complainedRecipients: [{ emailAddress: to }],
        complaintFeedbackType: "abuse",
      },
    },
    opened: { eventType: "Open", open: person },
    clicked: { eventType: "Click", click: { ...person, link: "https://acme.test/offer" } },
    delayed: { eventType: "DeliveryDelay", deliveryDelay: { timestamp, delayType: "MailboxFull" } },
  };
  return { ...said[event], mail };
}
