import { z } from "zod";
import { type EmailContent, mailbox } from "../channels/email";
import { settingsGuard } from "../outbound-guard";
import { defineProvider, secret } from "../provider";
import type { ProviderContext } from "../provider-context";
import { mailboxParts, messageIdOf } from "./mailbox-parts";
import { replyOf } from "./sdk-reply";
import { sendgridReceipts } from "./sendgrid-receipts";
import { vendorAgent } from "./vendor-agent";
import { checkOf, failureOf, type VendorRefusal } from "./vendor-api";

const config = z.strictObject({
  apiKey: secret().meta({ title: "API key", description: "With permission to send mail. It begins with SG." }),
  from: mailbox.meta({
    title: "Sender",
    description:
      "Of mails that name none: an address, or a name followed by one in angle brackets. Its domain must be yours at the provider.",
  }),
  webhookPublicKey: z.base64("must be the verification key as SendGrid shows it").optional().meta({
    title: "Verification key",
    description: "Of the Signed Event Webhook, in SendGrid's mail settings. Without it no receipts are taken.",
  }),
  apiUrl: z.url().optional().meta({
    title: "API address",
    description: "https://api.eu.sendgrid.com for accounts in the EU. Empty: SendGrid's own.",
    advanced: true,
  }),
});
type SendgridConfig = z.infer<typeof config>;

/**
 * Email over SendGrid's own client.
 * Errors: https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/responses
 */
export const sendgrid = defineProvider<SendgridConfig>({
  id: "sendgrid",
  name: "SendGrid",
  channels: ["email"],
  config,
  honoursIdempotencyKey: false,
  sendsAttachments: true,
  receipts: sendgridReceipts,
  async connect(account, context) {
    const { vendor, client } = await open(account, context);
    return {
      async send({ to, content }, { idempotencyKey, signal }) {
        const body = mailOf(to, content as EmailContent, account.from, idempotencyKey);
        const result = await vendor.attempt(signal, () =>
          client.request({ method: "POST", url: "/v3/mail/send", body }),
        );
        if (!("answer" in result)) return failureOf(replyOf(result, bodyOf(result.error)), refusalOf);
        const [{ headers }] = result.answer;
        const id = (headers as Record<string, unknown>)["x-message-id"];
        if (typeof id === "string" && id !== "") return { kind: "sent", providerMessageId: id };
        return { kind: "deferred", reason: "answered without a message's id", ambiguous: true };
      },
      async close() {
        vendor.close();
      },
    };
  },
  async check(account, context, signal) {
    const { vendor, client } = await open(account, context);
    const result = await vendor.attempt(signal, () => client.request({ method: "GET", url: "/v3/scopes" }));
    vendor.close();
    if (!("answer" in result)) return checkOf(replyOf(result, bodyOf(result.error)), refusalOf);
    const { scopes = [] } = result.answer[1] as { scopes?: string[] };
    if (scopes.includes("mail.send")) return { kind: "good" };
    return { kind: "refused", reason: "the API key lacks the scope mail.send" };
  },
});

type SharedClient = typeof import("@sendgrid/client");

async function open({ apiKey, apiUrl }: SendgridConfig, context: ProviderContext) {
  // The package's types show nothing but the one client it shares.
  const { Client } = (await import("@sendgrid/client")) as unknown as { Client: new () => SharedClient };
  const vendor = vendorAgent(apiUrl, settingsGuard(context));
  const client = new Client();
  // Its setApiKey would write to the console about a key of another form.
  client.setDefaultHeader("Authorization", `Bearer ${apiKey}`);
  client.setDefaultRequest("httpsAgent", vendor.agent);
  return { vendor, client };
}

/** The body of https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send; text stands before HTML there. */
function mailOf(to: string, content: EmailContent, accountFrom: string, idempotencyKey: string) {
  const { subject, text, html, replyTo, headers, attachments, from = accountFrom } = content;
  return {
    personalizations: [{ to: [{ email: to }] }],
    from: mailboxParts(from),
    ...(replyTo && { reply_to: mailboxParts(replyTo) }),
    subject,
    content: [
      ...(text === undefined ? [] : [{ type: "text/plain", value: text }]),
      ...(html === undefined ? [] : [{ type: "text/html", value: html }]),
    ],
    headers: { ...headers, "Message-ID": `<${messageIdOf(idempotencyKey, from)}>` },
    ...(attachments?.length && {
      attachments: attachments.map(({ filename, contentType, content: base64 }) => ({
        filename,
        type: contentType,
        content: base64,
        disposition: "attachment",
      })),
    }),
  };
}

function bodyOf(error: unknown): unknown {
  return (error as { response?: { body?: unknown } }).response?.body;
}

const problems = z.object({ errors: z.array(z.object({ message: z.string(), field: z.string().nullish() })).min(1) });

function refusalOf(body: unknown): VendorRefusal {
  const read = problems.safeParse(body);
  if (!read.success) return { words: "" };
  const words = read.data.errors.map(({ message, field }) => (field ? `${message} (${field})` : message)).join("; ");
  return { words };
}
