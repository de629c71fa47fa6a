import { z } from "zod";
import { type EmailContent, mailbox } from "../channels/email";
import { defineProvider, secret } from "../provider";
import type { ProviderContext } from "../provider-context";
import { quotedMailbox } from "./mailbox-parts";
import { resendReceipts } from "./resend-receipts";
import { replyThrough, type SdkFetch } from "./sdk-reply";
import { checkOf, failureOf, type VendorRefusal, vendorApi } from "./vendor-api";

const home = "https://api.resend.com";

const config = z.strictObject({
  apiKey: secret().meta({ title: "API key", description: "It begins with re_." }),
  from: mailbox.meta({
    title: "Sender",
    description:
      "Of mails that name none: an address, or a name followed by one in angle brackets. Its domain must be yours at the provider.",
  }),
  webhookSecret: secret().optional().meta({
    title: "Signing secret",
    description: "Of the webhook at Resend; it begins with whsec_. Without it no receipts are taken.",
  }),
  apiUrl: z.url().optional().meta({
    title: "API address",
    description: "Only where you reach Resend through a gateway of your own. Empty: Resend's own.",
    advanced: true,
  }),
});
type ResendConfig = z.infer<typeof config>;

/**
 * Email over Resend's SDK. The SDK tells nothing of a connection that failed and takes no agent, so its one request
 * goes through ours. No batches: a batch has one idempotency key for all, so what is tried again in another would go twice.
 * Errors: https://resend.com/docs/api-reference/errors
 */
export const resend = defineProvider<ResendConfig>({
  id: "resend",
  name: "Resend",
  channels: ["email"],
  config,
  honoursIdempotencyKey: true,
  sendsAttachments: true,
  receipts: resendReceipts,
  async connect(account, context) {
    const { api, client } = await open(account, context);
    return {
      async send({ to, content }, { idempotencyKey, signal }) {
        const mail = mailOf(to, content as EmailContent, account.from);
        const reply = await replyThrough(api, signal, (fetch) => client(fetch).emails.send(mail, { idempotencyKey }));
        const id = "status" in reply && reply.status < 300 ? accepted.safeParse(reply.body).data?.id : undefined;
        return id ? { kind: "sent", providerMessageId: id } : failureOf(reply, refusalOf);
      },
      close: () => api.close(),
    };
  },
  async check(account, context, signal) {
    const { api, client } = await open(account, context);
    const reply = await replyThrough(api, signal, (fetch) => client(fetch).domains.list());
    await api.close();
    // A key that may do nothing but send may not list domains: it is a good one all the same.
    const isSendingKey = "status" in reply && problem.safeParse(reply.body).data?.name === "restricted_api_key";
    return isSendingKey ? { kind: "good" } : checkOf(reply, refusalOf);
  },
});

async function open({ apiKey, apiUrl = home }: ResendConfig, context: ProviderContext) {
  const { Resend } = await import("resend");
  class Client extends Resend {
    constructor(private readonly fetch: SdkFetch) {
      super(apiKey, { baseUrl: home });
    }

    override async fetchRequest<T>(
      path: string,
      options?: RequestInit,
    ): ReturnType<typeof Resend.prototype.fetchRequest<T>> {
      const response = await this.fetch(home + path, options);
      // The SDK passes this on unread.
      return { data: (await response.json()) as T, error: null, headers: null };
    }
  }
  return { api: vendorApi(apiUrl, context), client: (fetch: SdkFetch) => new Client(fetch) };
}

function mailOf(to: string, content: EmailContent, accountFrom: string) {
  const { subject, text, html, replyTo, headers, attachments, from = accountFrom } = content;
  return {
    from: quotedMailbox(from),
    to,
    subject,
    ...(replyTo && { replyTo: quotedMailbox(replyTo) }),
    ...(headers && { headers }),
    ...(attachments && { attachments }),
    ...(html === undefined ? { text: text ?? "" } : { html, ...(text !== undefined && { text }) }),
  };
}

const accepted = z.object({ id: z.string().min(1) });
const problem = z.object({ name: z.string(), message: z.string() });

function refusalOf(body: unknown): VendorRefusal {
  const { name = "", message = "" } = problem.safeParse(body).data ?? {};
  const words = [name, message].filter(Boolean).join(": ");
  // The first request with this key is still under way.
  return { words, passing: name === "concurrent_idempotent_requests" };
}
