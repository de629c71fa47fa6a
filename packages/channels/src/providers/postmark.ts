import type { Message } from "postmark";
import { z } from "zod";
import { type EmailContent, mailbox } from "../channels/email";
import { defineProvider, type Outgoing, type SendOutcome, secret } from "../provider";
import type { ProviderContext } from "../provider-context";
import { messageIdOf, quotedMailbox } from "./mailbox-parts";
import { postmarkReceipts } from "./postmark-receipts";
import { replyThrough, type SdkFetch } from "./sdk-reply";
import { checkOf, failureOf, type VendorRefusal, vendorApi } from "./vendor-api";

const home = "https://api.postmarkapp.com";

const config = z
  .strictObject({
    serverToken: secret().meta({ title: "Server token", description: "Of the server that sends, under API Tokens." }),
    from: mailbox.meta({
      title: "Sender",
      description:
        "Of mails that name none: an address, or a name followed by one in angle brackets. Its domain must be yours at the provider.",
    }),
    messageStream: z
      .string()
      .min(1)
      .default("outbound")
      .meta({ title: "Message stream", description: "The one that mails go out by." }),
    webhookUser: z
      .string()
      .regex(/^[^:]+$/, "must have no colon")
      .optional()
      .meta({
        title: "Webhook user",
        description:
          "What Postmark logs in with at our receipts address; it signs nothing. Choose one, and set it there. Without it no receipts are taken.",
      }),
    webhookPassword: secret()
      .optional()
      .meta({ title: "Webhook password", description: "Choose one, and set it at Postmark." }),
    apiUrl: z.url().optional().meta({
      title: "API address",
      description: "Only where you reach Postmark through a gateway of your own. Empty: Postmark's own.",
      advanced: true,
    }),
  })
  .refine((account) => (account.webhookUser === undefined) === (account.webhookPassword === undefined), {
    path: ["webhookPassword"],
    message: "webhookUser and webhookPassword go together",
  });
type PostmarkConfig = z.infer<typeof config>;

/** Most mails in one call, https://postmarkapp.com/developer/api/email-api#send-batch-emails */
const maxBatch = 500;
/** Of the 50 MB that Postmark takes in one call, in characters; the rest is for escapes and what surrounds the mails. */
const maxBatchSize = 40_000_000;

/**
 * Email over Postmark's SDK, one by one or in batches, which have an outcome for each mail.
 * Errors: https://postmarkapp.com/developer/api/overview#error-codes
 */
export const postmark = defineProvider<PostmarkConfig>({
  id: "postmark",
  name: "Postmark",
  channels: ["email"],
  config,
  honoursIdempotencyKey: false,
  sendsAttachments: true,
  sendsBatches: true,
  receipts: postmarkReceipts,
  async connect(account, context) {
    const { api, client } = await open(account, context);
    return {
      async send(message, options) {
        const mail = mailOf({ message, options }, account);
        const reply = await replyThrough(api, options.signal, (fetch) => client(fetch).sendEmail(mail));
        const isAnswered = "status" in reply && reply.status < 300;
        return isAnswered ? outcomeOf(answer.safeParse(reply.body).data) : failureOf(reply, refusalOf);
      },
      many: {
        max: maxBatch,
        async send(outgoing, signal) {
          const outcomes: SendOutcome[] = [];
          for (const mails of batchesOf(outgoing.map((one) => mailOf(one, account)))) {
            const reply = await replyThrough(api, signal, (fetch) => client(fetch).sendEmailBatch(mails));
            if ("status" in reply && reply.status < 300) {
              const answers = Array.isArray(reply.body) ? reply.body : [];
              outcomes.push(...mails.map((_mail, position) => outcomeOf(answer.safeParse(answers[position]).data)));
            } else {
              const failure = failureOf(reply, refusalOf);
              outcomes.push(...mails.map(() => failure));
            }
          }
          return outcomes;
        },
      },
      close: () => api.close(),
    };
  },
  async check(account, context, signal) {
    const { api, client } = await open(account, context);
    const reply = await replyThrough(api, signal, (fetch) => client(fetch).getServer());
    await api.close();
    return checkOf(reply, refusalOf);
  },
});

async function open({ serverToken, apiUrl = home }: PostmarkConfig, context: ProviderContext) {
  const { ServerClient } = await import("postmark");
  return {
    api: vendorApi(apiUrl, context),
    client: (fetch: SdkFetch) => new ServerClient(serverToken, { fetch }),
  };
}

/** The Message-ID stays the same at every attempt, and Postmark keeps it since X-PM-KeepID asks it to. */
function mailOf({ message: { to, content }, options: { idempotencyKey } }: Outgoing, account: PostmarkConfig): Message {
  const { subject, text, html, replyTo, headers, attachments, from = account.from } = content as EmailContent;
  const all = { ...headers, "Message-ID": `<${messageIdOf(idempotencyKey, from)}>`, "X-PM-KeepID": "true" };
  return {
    From: quotedMailbox(from),
    To: to,
    Subject: subject,
    MessageStream: account.messageStream,
    ...(text !== undefined && { TextBody: text }),
    ...(html !== undefined && { HtmlBody: html }),
    ...(replyTo && { ReplyTo: quotedMailbox(replyTo) }),
    Headers: Object.entries(all).map(([Name, Value]) => ({ Name, Value })),
    ...(attachments && {
      Attachments: attachments.map(({ filename, contentType, content: base64 }) => ({
        Name: filename,
        ContentType: contentType,
        Content: base64,
        ContentID: null,
      })),
    }),
  };
}

/** Parts of a batch that are small enough for one call each, in order. */
function* batchesOf(mails: readonly Message[]): Generator<Message[]> {
  let batch: Message[] = [];
  let size = 0;
  for (const mail of mails) {
    const own = JSON.stringify(mail).length;
    if (batch.length > 0 && size + own > maxBatchSize) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(mail);
    size += own;
  }
  if (batch.length > 0) yield batch;
}

const answer = z.object({
  ErrorCode: z.number().default(0),
  Message: z.string().default(""),
  MessageID: z.string().optional(),
});
type Answer = z.infer<typeof answer>;

/** A mail's own answer, within a 200. */
function outcomeOf(answered: Answer | undefined): SendOutcome {
  if (answered?.ErrorCode === 0 && answered.MessageID) return { kind: "sent", providerMessageId: answered.MessageID };
  if (!answered || answered.ErrorCode === 0)
    return { kind: "deferred", reason: "answered without a message's id", ambiguous: true };
  return failureOf({ status: 422, body: answered, retryAfterMs: undefined }, refusalOf);
}

/** Maintenance, no credits left, too fast. */
const passing = new Set([100, 405, 429]);
/** The recipient is inactive: a hard bounce, a spam complaint or a manual suppression went before. */
const inactiveRecipient = 406;

function refusalOf(body: unknown): VendorRefusal {
  const { ErrorCode = 0, Message = "" } = answer.safeParse(body).data ?? {};
  const words = [ErrorCode || "", Message].filter(Boolean).join(" ");
  return { words, passing: passing.has(ErrorCode), addressDead: ErrorCode === inactiveRecipient };
}
