import type { Answers } from "../../../trpc/answers";

type Outputs = Answers["providers"];
/** An account of the tenant, with how it fares. */
export type Account = Outputs["list"]["accounts"][number];
/** An account of the platform that the tenant may use. */
export type PlatformAccount = Outputs["list"]["platform"][number];
/** A provider, with the form of its settings. */
export type ProviderType = Outputs["types"][number];
/** What can be said of how an account fares. */
export type Fitness = Pick<Account, "state" | "circuit" | "today">;

/** Where receipts are switched on, by provider: the address beside it goes there. */
export const receiptSteps: Readonly<Record<string, string>> = {
  ses: "Save the topic’s ARN in this account’s settings first. Then, in Amazon SNS, subscribe this address (HTTPS) to the topic that your configuration set publishes to. The subscription confirms itself.",
  sns: "Save the topic’s ARN in this account’s settings first. Then, in Amazon SNS, subscribe this address (HTTPS) to the topic that answers come by. The subscription confirms itself.",
  sendgrid:
    "In SendGrid: Settings, Mail Settings, Event Webhook. Paste it as Post URL, choose all deliverability events, and switch the signed webhook on.",
  resend:
    "In Resend: Webhooks, Add webhook. Paste it, choose the email events, and bring its signing secret back here.",
  postmark:
    "In Postmark: your server's message stream, Webhooks. Paste it, with the user and password given here as basic auth.",
  mailgun:
    "In Mailgun: Sending, Webhooks. Add it for delivered, permanent and temporary failure, complained and unsubscribed.",
  twilio:
    "Status callbacks come by themselves. For STOP and other answers, paste it in Twilio as the number's (or messaging service's) inbound webhook.",
  vonage: "In Vonage: your application's Messages capability. Paste it as Status URL and Inbound URL.",
  plivo:
    "Delivery reports come by themselves. For STOP and other answers, paste it in Plivo as the message URL of the number's application.",
  "whatsapp-cloud":
    "In Meta's app dashboard: WhatsApp, Configuration. Paste it as Callback URL with your verify token, and subscribe to messages.",
};

/** What to type as the address of a test message, by channel. */
export const addressExamples: Readonly<Record<string, string>> = {
  email: "ann@example.com",
  sms: "+14155550100",
  whatsapp: "+14155550100",
  push: "A device's token or subscription",
  webhook: "https://example.com/hook",
  chat: "The incoming webhook's URL",
};
