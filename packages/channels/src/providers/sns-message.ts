import https from "node:https";
import { z } from "zod";
import { settingsGuard } from "../outbound-guard";
import type { ProviderContext } from "../provider-context";
import type { ReceiptReading } from "../receipt";
import { jsonOf } from "./receipt-body";
import { type VendorAgent, vendorAgent } from "./vendor-agent";

/** What came by an SNS topic: a message, or what is to be answered without reading further. */
export type SnsReading = { kind: "notification"; id: string; text: string; at: string } | ReceiptReading;

/** The topic that messages are taken from, and Amazon's side of it. */
export interface SnsTopic {
  region: string;
  topicArn?: string | undefined;
  /** Base URL to reach instead of sns.REGION.amazonaws.com. */
  apiUrl?: string | undefined;
}

const envelope = z.object({
  Type: z.enum(["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]),
  MessageId: z.string().min(1),
  TopicArn: z.string(),
  Subject: z.string().nullish(),
  Message: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.enum(["1", "2"]),
  Signature: z.string(),
  SigningCertURL: z.string(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
});
type Envelope = z.infer<typeof envelope>;

interface Validator {
  validate(message: string): Promise<unknown>;
}
/** With the certificates it has fetched. */
interface Verifier {
  vendor: VendorAgent;
  validator: Validator;
  /** Forgets the certificates. */
  renew(): void;
}

/** Longest wait for Amazon's certificate, and for its answer to a confirmation, in milliseconds. */
const amazonTimeoutMs = 5_000;
/** SNS messages hold 256 KB at most; twice that for JSON within JSON. */
const maxMessageBytes = 524_288;

const publicOnly: ProviderContext = { outboundAllow: [] };

/** One for all accounts. */
let amazon: Promise<Verifier> | undefined;

/**
 * Verifies a message that SNS posts, by Amazon's certificate, which is fetched from the topic's region only; a
 * subscription to the topic is confirmed.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 * @throws {Error} when Amazon can't be reached: answered with a 500, SNS posts the message again
 */
export async function readSnsMessage(
  body: Uint8Array,
  topic: SnsTopic,
  context: ProviderContext = publicOnly,
): Promise<SnsReading> {
  const { region, topicArn, apiUrl } = topic;
  if (body.length > maxMessageBytes) return { kind: "forged", reason: "larger than SNS can send" };
  const read = envelope.safeParse(jsonOf(body));
  if (!read.success) return { kind: "forged", reason: "not a signed message of SNS" };
  const message = read.data;
  if (topicArn === undefined) return { kind: "forged", reason: "the account has no topicArn to take receipts from" };
  if (message.TopicArn !== topicArn) return { kind: "forged", reason: "comes from another topic" };
  if (!isAmazons(message.SigningCertURL, region)) return { kind: "forged", reason: "its certificate is not Amazon's" };
  const verifier = await verifierOf(apiUrl, context);
  try {
    if (!(await isGenuine(verifier, message))) return { kind: "forged", reason: "the signature is wrong" };
    return await meaningOf(verifier.vendor, message, region);
  } finally {
    if (apiUrl !== undefined) verifier.vendor.close();
  }
}

function verifierOf(apiUrl: string | undefined, context: ProviderContext): Promise<Verifier> {
  if (apiUrl !== undefined) return openVerifier(apiUrl, context);
  amazon ??= openVerifier(undefined, publicOnly);
  return amazon;
}

async function openVerifier(apiUrl: string | undefined, context: ProviderContext): Promise<Verifier> {
  const { default: SnsPayloadValidator } = await import("sns-payload-validator");
  const vendor = vendorAgent(apiUrl, settingsGuard(context));
  const validator = () => new SnsPayloadValidator({ requestAgent: vendor.agent, maxCerts: 100 });
  const verifier: Verifier = {
    vendor,
    validator: validator(),
    renew() {
      verifier.validator = validator();
    },
  };
  return verifier;
}

async function isGenuine(verifier: Verifier, message: Envelope): Promise<boolean> {
  const signal = AbortSignal.timeout(amazonTimeoutMs);
  const { vendor, validator } = verifier;
  const result = await vendor.attempt(signal, () => validator.validate(JSON.stringify(message)));
  if ("answer" in result) return true;
  const { error, status } = result;
  // The validator keeps whatever was answered for a certificate, an error page for instance.
  if (status !== undefined) verifier.renew();
  const isJudged = error instanceof Error && /^Invalid /.test(error.message) && (status ?? 200) < 500;
  if (isJudged) return false;
  throw new Error("the certificate of SNS could not be fetched", { cause: error });
}

async function meaningOf(vendor: VendorAgent, message: Envelope, region: string): Promise<SnsReading> {
  const { Type, MessageId, Message, Timestamp, SubscribeURL = "" } = message;
  if (Type === "Notification") return { kind: "notification", id: MessageId, text: Message, at: Timestamp };
  if (Type === "UnsubscribeConfirmation") return { kind: "receipts", receipts: [] };
  if (!isAmazons(SubscribeURL, region)) return { kind: "unreadable", reason: "the SubscribeURL is not Amazon's" };
  const confirmed = await vendor.attempt(AbortSignal.timeout(amazonTimeoutMs), () => statusOf(SubscribeURL, vendor));
  if (!("answer" in confirmed)) {
    throw new Error("the subscription could not be confirmed", { cause: confirmed.error });
  }
  const { answer } = confirmed;
  if (answer < 300) return { kind: "handshake", answer: "confirmed" };
  return { kind: "unreadable", reason: `SNS answered the confirmation with ${answer}` };
}

/** Whether a URL leads to SNS in this region; China's partition has a domain of its own. */
function isAmazons(text: string, region: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, host, username, password } = new URL(text);
  const isHost = host === `sns.${region}.amazonaws.com` || host === `sns.${region}.amazonaws.com.cn`;
  return protocol === "https:" && isHost && username === "" && password === "";
}

function statusOf(url: string, { agent }: VendorAgent): Promise<number> {
  return new Promise((resolve, reject) => {
    https
      .get(url, { agent }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
      .on("error", reject);
  });
}
