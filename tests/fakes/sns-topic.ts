import { generateKeyPairSync, randomBytes, randomUUID, sign } from "node:crypto";
import type { HttpAnswer, HttpRequest } from "./http-fake";
import { jsonCall } from "./mail-event";
import type { VendorCall } from "./vendor-call";

/** A topic of Amazon SNS, which posts what is published to it, signed. */
export interface SnsTopicFake {
  topicArn: string;
  /** Tokens of the subscriptions that were confirmed. */
  confirmed: string[];
  /** A message as SNS posts it. */
  notify(text: string, url?: string): VendorCall;
  /** What SNS posts first of all, to know that the URL is ours. */
  subscribe(url?: string): VendorCall;
  /** Answers for sns.REGION.amazonaws.com; null when it is not asked. */
  answer(request: HttpRequest): HttpAnswer | null;
}

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const certificatePath = `/SimpleNotificationService-${randomBytes(16).toString("hex")}.pem`;

/** Its certificate is the bare public key, since Node makes no certificates; verifiers take either. */
export function snsTopic(region: string, name = "tidings"): SnsTopicFake {
  const host = `https://sns.${region}.amazonaws.com`;
  const topicArn = `arn:aws:sns:${region}:123456789012:${name}`;
  const confirmed: string[] = [];
  const base = () => ({ MessageId: randomUUID(), TopicArn: topicArn, Timestamp: new Date().toISOString() });
  const post = (message: Record<string, string>, url?: string) => {
    const SigningCertURL = host + certificatePath;
    const signed = { ...message, SignatureVersion: "2", Signature: signatureOf(message), SigningCertURL };
    const headers = { "content-type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": message.Type ?? "" };
    return jsonCall(signed, headers, url);
  };
  return {
    topicArn,
    confirmed,
    notify: (text, url) => post({ ...base(), Type: "Notification", Message: text }, url),
    subscribe(url) {
      const Token = randomBytes(32).toString("hex");
      const query = new URLSearchParams({ Action: "ConfirmSubscription", TopicArn: topicArn, Token });
      const Message = `You have chosen to subscribe to the topic ${topicArn}.`;
      return post(
        { ...base(), Type: "SubscriptionConfirmation", Message, Token, SubscribeURL: `${host}/?${query}` },
        url,
      );
    },
    answer({ method, path, query }) {
      if (method !== "GET") return null;
      if (path === certificatePath) {
        return { status: 200, body: pair.publicKey.export({ type: "spki", format: "pem" }).toString() };
      }
      if (query.get("Action") !== "ConfirmSubscription") return null;
      confirmed.push(query.get("Token") ?? "");
      return { status: 200, headers: { "content-type": "text/xml" }, body: "<ConfirmSubscriptionResponse/>" };
    },
  };
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html */
function signatureOf(message: Record<string, string>): string {
  const names = ["Message", "MessageId", "SubscribeURL", "Subject", "Timestamp", "Token", "TopicArn", "Type"];
  const signed = names.filter((name) => name in message).map((name) => `${name}\n${message[name]}\n`);
  return sign("sha256", Buffer.from(signed.join("")), pair.privateKey).toString("base64");
}
