import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { z } from "zod";
import { type EmailContent, mailbox } from "../channels/email";
import { defineProvider } from "../provider";
import type { ProviderContext } from "../provider-context";
import { amazonSettings, openAmazon } from "./amazon-account";
import { replyOf } from "./sdk-reply";
import { sesReceipts } from "./ses-receipts";
import { checkOf, failureOf, type VendorRefusal } from "./vendor-api";

const config = z.strictObject({
  accessKeyId: amazonSettings.accessKeyId("ses:SendEmail"),
  secretAccessKey: amazonSettings.secretAccessKey,
  region: amazonSettings.region("Where your identity is verified, such as eu-central-1."),
  from: mailbox.meta({
    title: "Sender",
    description:
      "Of mails that name none: an address, or a name followed by one in angle brackets. Its domain must be yours at the provider.",
  }),
  configurationSetName: z
    .string()
    .min(1)
    .optional()
    .meta({ title: "Configuration set", description: "The one that publishes events to the SNS topic." }),
  topicArn: amazonSettings.topicArn({
    title: "Receipts topic",
    description: "ARN of the SNS topic that receipts come by. Without it none are taken: Amazon signs anybody's topic.",
  }),
  apiUrl: amazonSettings.apiUrl,
});
type SesConfig = z.infer<typeof config>;

/**
 * Email over Amazon SES (API v2) as raw MIME, through Amazon's own SDK. SES writes a Message-ID of its own.
 * Errors: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */
export const ses = defineProvider<SesConfig>({
  id: "ses",
  name: "Amazon SES",
  channels: ["email"],
  config,
  honoursIdempotencyKey: false,
  sendsAttachments: true,
  receipts: sesReceipts,
  async connect(account, context) {
    const { SendEmailCommand } = await import("@aws-sdk/client-sesv2");
    const { composeMail } = await import("./smtp-transport/compose-mail");
    const { vendor, client, close } = await open(account, context);
    return {
      async send({ to, content }, { idempotencyKey, signal }) {
        const mail = composeMail(content as EmailContent, { to, from: account.from, idempotencyKey });
        const command = new SendEmailCommand({
          Destination: { ToAddresses: [to] },
          Content: { Raw: { Data: await wholeOf(mail.message) } },
          ConfigurationSetName: account.configurationSetName,
        });
        const result = await vendor.attempt(signal, () => client.send(command));
        if ("answer" in result && result.answer.MessageId) {
          return { kind: "sent", providerMessageId: result.answer.MessageId };
        }
        if ("answer" in result) return { kind: "deferred", reason: "answered without a message's id", ambiguous: true };
        return failureOf(replyOf(result, result.error), refusalOf);
      },
      close,
    };
  },
  async check(account, context, signal) {
    const { GetAccountCommand } = await import("@aws-sdk/client-sesv2");
    const { vendor, client, close } = await open(account, context);
    const result = await vendor.attempt(signal, () => client.send(new GetAccountCommand()));
    await close();
    if ("answer" in result) {
      if (result.answer.SendingEnabled !== false) return { kind: "good" };
      return { kind: "refused", reason: "Amazon has paused sending for this account" };
    }
    // A key that may do nothing but send is a good one; Amazon says so only after it has verified the signature.
    if ((result.error as Error).name === "AccessDeniedException") return { kind: "good" };
    return checkOf(replyOf(result, result.error), refusalOf);
  },
});

async function wholeOf(message: Buffer | Readable): Promise<Buffer> {
  return Buffer.isBuffer(message) ? message : await buffer(message);
}

async function open(account: SesConfig, context: ProviderContext) {
  const { SESv2Client } = await import("@aws-sdk/client-sesv2");
  return openAmazon(account, context, (options) => new SESv2Client(options));
}

/** Too fast, over the daily quota, or an account that must be mended: the message is not at fault. */
const passing = new Set([
  "TooManyRequestsException",
  "ThrottlingException",
  "LimitExceededException",
  "AccountSuspendedException",
  "SendingPausedException",
  "MailFromDomainNotVerifiedException",
]);

function refusalOf(error: unknown): VendorRefusal {
  const { name = "", message = "" } = error as { name?: string; message?: string };
  return { words: [name, message].filter(Boolean).join(": "), passing: passing.has(name) };
}
