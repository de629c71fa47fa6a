import { z } from "zod";
import { type EmailContent, mailbox } from "../channels/email";
import { defineProvider, secret } from "../provider";
import type { ProviderContext } from "../provider-context";
import { messageIdOf, quotedMailbox } from "./mailbox-parts";
import { mailgunReceipts } from "./mailgun-receipts";
import { checkOf, failureOf, type VendorRefusal, vendorApi } from "./vendor-api";

const homes = { us: "https://api.mailgun.net", eu: "https://api.eu.mailgun.net" };

const config = z.strictObject({
  apiKey: secret().meta({ title: "API key", description: "The account's, or a sending key of the domain." }),
  domain: z
    .string()
    .regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i, "must be a domain such as mg.example.com")
    .meta({ title: "Sending domain", description: "As Mailgun knows it, such as mg.example.com." }),
  region: z.enum(["us", "eu"]).default("us").meta({ title: "Region", description: "Where the domain was made." }),
  from: mailbox.meta({
    title: "Sender",
    description:
      "Of mails that name none: an address, or a name followed by one in angle brackets. Its domain must be yours at the provider.",
  }),
  webhookSigningKey: secret().optional().meta({
    title: "Webhook signing key",
    description: "HTTP webhook signing key, under API security. Without it no receipts are taken.",
  }),
  apiUrl: z.url().optional().meta({
    title: "API address",
    description: "Only where you reach Mailgun through a gateway of your own. Empty: Mailgun's own.",
    advanced: true,
  }),
});
type MailgunConfig = z.infer<typeof config>;

/**
 * Email over Mailgun's HTTP API, by undici: mailgun.js can neither be aborted nor tell whether a request left.
 * https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages
 */
export const mailgun = defineProvider<MailgunConfig>({
  id: "mailgun",
  name: "Mailgun",
  channels: ["email"],
  config,
  honoursIdempotencyKey: false,
  sendsAttachments: true,
  receipts: mailgunReceipts,
  async connect(account, context) {
    const { api, headers } = open(account, context);
    const path = messagesPath(account);
    return {
      async send({ to, content }, { idempotencyKey, signal }) {
        const body = await formOf(to, content as EmailContent, account.from, idempotencyKey);
        const reply = await api.call({ method: "POST", path, headers, body, signal });
        const id = "status" in reply && reply.status < 300 ? accepted.safeParse(reply.body).data?.id : undefined;
        // Receipts name it without its angle brackets.
        return id ? { kind: "sent", providerMessageId: id.replace(/^<|>$/g, "") } : failureOf(reply, refusalOf);
      },
      close: () => api.close(),
    };
  },
  async check(account, context, signal) {
    const { api, headers } = open(account, context);
    const { FormData } = await import("undici");
    try {
      const path = `/v4/domains/${account.domain}`;
      const reply = await api.call({ method: "GET", path, headers, signal });
      if (!("status" in reply) || (reply.status !== 401 && reply.status !== 403)) return checkOf(reply, refusalOf);
      // A domain's sending key may do nothing but send: a message without a recipient is refused, but not the key.
      const body = new FormData();
      body.set("subject", "");
      const empty = await api.call({ method: "POST", path: messagesPath(account), headers, body, signal });
      return "status" in empty && empty.status === 400 ? { kind: "good" } : checkOf(empty, refusalOf);
    } finally {
      await api.close();
    }
  },
});

function open({ apiKey, region, apiUrl = homes[region] }: MailgunConfig, context: ProviderContext) {
  const headers = { authorization: `Basic ${Buffer.from(`api:${apiKey}`).toString("base64")}` };
  return { api: vendorApi(apiUrl, context), headers };
}

function messagesPath({ domain }: MailgunConfig): string {
  return `/v3/${domain}/messages`;
}

async function formOf(to: string, content: EmailContent, accountFrom: string, idempotencyKey: string) {
  const { FormData } = await import("undici");
  const { subject, text, html, replyTo, headers = {}, attachments = [], from = accountFrom } = content;
  const form = new FormData();
  form.set("from", quotedMailbox(from));
  form.set("to", to);
  form.set("subject", subject);
  if (text !== undefined) form.set("text", text);
  if (html !== undefined) form.set("html", html);
  if (replyTo) form.set("h:Reply-To", quotedMailbox(replyTo));
  for (const [name, value] of Object.entries(headers)) form.set(`h:${name}`, value);
  form.set("h:Message-Id", `<${messageIdOf(idempotencyKey, from)}>`);
  for (const { filename, contentType, content: base64 } of attachments) {
    form.append("attachment", new Blob([Buffer.from(base64, "base64")], { type: contentType }), filename);
  }
  return form;
}

const accepted = z.object({ id: z.string().min(1) });
const problem = z.object({ message: z.string() });

function refusalOf(body: unknown): VendorRefusal {
  return { words: problem.safeParse(body).data?.message ?? "" };
}
