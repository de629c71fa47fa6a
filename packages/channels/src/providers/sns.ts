import { countSmsSegments } from "@tidings/shared/sms-segments";
import { z } from "zod";
import type { SmsContent } from "../channels/sms";
import { defineProvider } from "../provider";
import type { ProviderContext } from "../provider-context";
import type { ReceiptReading, ReceiptRequest } from "../receipt";
import { amazonSettings, openAmazon } from "./amazon-account";
import { receiptsOfInbound } from "./opt-out-words";
import { jsonOf, momentOf } from "./receipt-body";
import { replyOf } from "./sdk-reply";
import { readSnsMessage } from "./sns-message";
import { checkOf, failureOf, type VendorRefusal } from "./vendor-api";

const config = z.strictObject({
  accessKeyId: amazonSettings.accessKeyId("sns:Publish"),
  secretAccessKey: amazonSettings.secretAccessKey,
  region: amazonSettings.region("Such as eu-central-1."),
  senderId: z
    .string()
    .regex(/^(?=.*[A-Za-z])[A-Za-z0-9]{3,11}$/, "must be 3 to 11 letters and digits, at least one a letter")
    .optional()
    .meta({
      title: "Sender ID",
      description: "3 to 11 letters and digits, in countries that know them. Empty: AWS picks a number.",
    }),
  from: z
    .string()
    .regex(/^\+?\d{5,15}$/, "must be a number in E.164 form or a short code")
    .optional()
    .meta({
      title: "Number",
      description: "One of the account's in E.164 form, or a short code, instead of one that AWS picks.",
    }),
  topicArn: amazonSettings.topicArn({
    title: "Inbound topic",
    description:
      "ARN of the SNS topic that answers come by, STOP among them. Without it none are taken: Amazon signs anybody's topic.",
  }),
  apiUrl: amazonSettings.apiUrl,
});
type SnsConfig = z.infer<typeof config>;

/**
 * SMS over Amazon SNS, published to phone numbers through Amazon's own SDK. What became of a message Amazon tells in
 * CloudWatch's logs only; receipts are what persons answer, by two-way SMS.
 * API: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export const sns = defineProvider<SnsConfig>({
  id: "sns",
  name: "Amazon SNS",
  channels: ["sms"],
  config,
  honoursIdempotencyKey: false,
  async connect(account, context) {
    const { PublishCommand } = await import("@aws-sdk/client-sns");
    const { vendor, client, close } = await open(account, context);
    return {
      async send({ to, content }, { signal }) {
        const { text } = content as SmsContent;
        const command = new PublishCommand({
          PhoneNumber: to,
          Message: text,
          MessageAttributes: attributesOf(account),
        });
        const result = await vendor.attempt(signal, () => client.send(command));
        if (!("answer" in result)) return failureOf(replyOf(result, result.error), refusalOf);
        const { MessageId } = result.answer;
        if (!MessageId) return { kind: "deferred", reason: "answered without a message's id", ambiguous: true };
        return { kind: "sent", providerMessageId: MessageId, units: Math.max(1, countSmsSegments(text).segments) };
      },
      close,
    };
  },
  async check(account, context, signal) {
    const { GetSMSAttributesCommand } = await import("@aws-sdk/client-sns");
    const { vendor, client, close } = await open(account, context);
    const command = new GetSMSAttributesCommand({ attributes: ["DefaultSMSType"] });
    const result = await vendor.attempt(signal, () => client.send(command));
    await close();
    if ("answer" in result) return { kind: "good" };
    // A key that may do nothing but publish is a good one; Amazon says so only after it has verified the signature.
    if ((result.error as Error).name === "AuthorizationErrorException") return { kind: "good" };
    return checkOf(replyOf(result, result.error), (error) => ({ ...refusalOf(error), passing: isThrottled(error) }));
  },
  receipts: { read: readingOf },
});

async function open(account: SnsConfig, context: ProviderContext) {
  const { SNSClient } = await import("@aws-sdk/client-sns");
  return openAmazon(account, context, (options) => new SNSClient(options));
}

/** https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html */
function attributesOf({ senderId, from }: SnsConfig) {
  const text = (StringValue: string) => ({ DataType: "String", StringValue });
  return {
    "AWS.SNS.SMS.SMSType": text("Transactional"),
    ...(senderId && { "AWS.SNS.SMS.SenderID": text(senderId) }),
    ...(from && { "AWS.MM.SMS.OriginationNumber": text(from) }),
  };
}

/** Amazon throttles with 400 as well as with 429, and refuses wrong credentials with 400 as well as with 403. */
const accountErrors =
  /^(InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|IncompleteSignature|ExpiredToken)/;

function isThrottled(error: unknown): boolean {
  return /^(Throttl|TooManyRequests|RequestLimitExceeded)/.test((error as Error).name);
}

function refusalOf(error: unknown): VendorRefusal {
  const { name = "", message = "" } = error as { name?: string; message?: string };
  return {
    words: [name, message].filter(Boolean).join(": "),
    passing: isThrottled(error) || accountErrors.test(name),
    // "Invalid parameter: PhoneNumber Reason: +1 is not valid to publish to"
    addressDead: name.startsWith("InvalidParameter") && /\bPhoneNumber\b/.test(message),
  };
}

/** https://docs.aws.amazon.com/sms-voice/latest/userguide/two-way-sms-payload.html */
const inbound = z.object({
  originationNumber: z.string(),
  messageBody: z.string(),
  inboundMessageId: z.string().min(1),
});

async function readingOf(
  { body }: ReceiptRequest,
  account: SnsConfig,
  context?: ProviderContext,
): Promise<ReceiptReading> {
  const message = await readSnsMessage(body, account, context);
  if (message.kind !== "notification") return message;
  const came = inbound.safeParse(jsonOf(message.text));
  if (!came.success) return { kind: "unreadable", reason: "not a message that a person sent" };
  const { inboundMessageId: id, originationNumber: from, messageBody: text } = came.data;
  return { kind: "receipts", receipts: receiptsOfInbound({ id, from, text, at: momentOf(message.at) }) };
}
