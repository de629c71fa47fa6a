import { randomUUID } from "node:crypto";
import { awsForgeryOf } from "./aws-signature";
import {
  type FakeOptions,
  type HttpAnswer,
  type HttpFake,
  type HttpProtocol,
  httpProtocol,
  listenHttp,
  meet,
} from "./http-fake";
import { type SnsTopicFake, snsTopic } from "./sns-topic";
import type { VendorCall } from "./vendor-call";

/** A message that SNS published to a phone number. */
export interface SnsMessage {
  id: string;
  to: string;
  text: string;
  /** The message's attributes by name. */
  attributes: Record<string, string>;
}

/** The account that the fake knows. */
export const snsAccount = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret", region: "eu-west-1" };

export interface SnsFake extends HttpFake {
  /** Where what persons write is published. */
  topic: SnsTopicFake;
  /** A message by a person, as two-way SMS publishes it: https://docs.aws.amazon.com/sms-voice/latest/userguide/two-way-sms-payload.html */
  inbound(from: string, text: string, url?: string): VendorCall;
}

/**
 * Amazon SNS's Query API for SMS: Publish to a phone number and GetSMSAttributes, with the topic that inbound messages come by.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html. Counts by text.
 */
export function snsProtocol(topic: SnsTopicFake, onMessage?: (message: SnsMessage) => void): HttpProtocol {
  return httpProtocol(({ script, tally }) => (request) => {
    const fields = Object.fromEntries(new URLSearchParams(request.body.toString()));
    const ofTopic = topic.answer(request);
    if (ofTopic) return ofTopic;
    const forgery = awsForgeryOf(request, snsAccount, `sns.${snsAccount.region}.amazonaws.com`);
    if (forgery)
      return problem(403, forgeries[forgery] ?? forgery, "The security token included in the request is invalid.");
    if (request.method !== "POST" || fields.Version !== "2010-03-31")
      return problem(400, "InvalidAction", "no such API");
    if (fields.Action === "GetSMSAttributes") {
      return answer(
        "GetSMSAttributes",
        "<attributes><entry><key>DefaultSMSType</key><value>Transactional</value></entry></attributes>",
      );
    }
    if (fields.Action !== "Publish") return problem(400, "InvalidAction", `${fields.Action} is not valid`);
    return meet(script, () => {
      const { PhoneNumber: to = "", Message: text = "" } = fields;
      if (text === "") return problem(400, "InvalidParameter", "Invalid parameter: Empty message");
      if (!/^\+[1-9]\d{6,14}$/.test(to)) {
        const words = `Invalid parameter: PhoneNumber Reason: ${to} is not valid to publish to`;
        return problem(400, "InvalidParameter", words);
      }
      const message = { id: randomUUID(), to, text, attributes: attributesOf(fields) };
      tally.add(text);
      onMessage?.(message);
      return answer("Publish", `<MessageId>${message.id}</MessageId>`);
    });
  });
}

export async function createSnsFake({ port, onMessage }: FakeOptions<SnsMessage> = {}): Promise<SnsFake> {
  const topic = snsTopic(snsAccount.region);
  const fake = await listenHttp(snsProtocol(topic, onMessage), port);
  const inbound = (originationNumber: string, messageBody: string, url?: string) => {
    const told = { originationNumber, destinationNumber: "+14155550100", messageBody, inboundMessageId: randomUUID() };
    return topic.notify(JSON.stringify({ ...told, messageKeyword: "KEYWORD_123456789012" }), url);
  };
  return { ...fake, topic, inbound };
}

/** An answer as Amazon's Query APIs word their refusals. */
export function problem(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): HttpAnswer {
  const type = status < 500 ? "Sender" : "Receiver";
  const error = `<Error><Type>${type}</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return xml(
    status,
    `<ErrorResponse xmlns="${namespace}">${error}<RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
    headers,
  );
}

const namespace = "http://sns.amazonaws.com/doc/2010-03-31/";

function answer(action: string, result: string): HttpAnswer {
  const metadata = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
  return xml(
    200,
    `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result>${metadata}</${action}Response>`,
  );
}

function xml(status: number, body: string, headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers: { "content-type": "text/xml", ...headers }, body };
}

/** What AWS's Query APIs say of a signature that is not right. */
const forgeries: Record<string, string> = {
  MissingAuthenticationTokenException: "MissingAuthenticationToken",
  UnrecognizedClientException: "InvalidClientTokenId",
  InvalidSignatureException: "SignatureDoesNotMatch",
};

function attributesOf(fields: Record<string, string>): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [key, name] of Object.entries(fields)) {
    const [, position] = /^MessageAttributes\.entry\.(\d+)\.Name$/.exec(key) ?? [];
    if (position) attributes[name] = fields[`MessageAttributes.entry.${position}.Value.StringValue`] ?? "";
  }
  return attributes;
}
