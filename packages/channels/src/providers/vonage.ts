import { countSmsSegments } from "@tidings/shared/sms-segments";
import { z } from "zod";
import type { SmsContent } from "../channels/sms";
import { defineProvider, secret } from "../provider";
import type { Receipt, ReceiptReading, ReceiptRequest } from "../receipt";
import { type NumberFate, receiptsOfFailure } from "./failed-message";
import { e164Of, receiptsOfInbound } from "./opt-out-words";
import { privateKey } from "./private-key";
import { jsonOf, momentOf } from "./receipt-body";
import { checkAccount, failureOf, type VendorRefusal, vendorApi } from "./vendor-api";
import { applicationToken, webhookTokenFault } from "./vonage-token";

const config = z
  .strictObject({
    apiKey: secret().meta({ title: "API key", description: "On the dashboard's first page." }),
    apiSecret: secret().meta({ title: "API secret" }),
    applicationId: z.uuid().optional().meta({
      title: "Application ID",
      description: "Of the application that sends. Vonage signs webhooks only for messages sent by one.",
    }),
    privateKey: privateKey()
      .optional()
      .meta({ title: "Application's private key", description: "The content of the private.key file, in PEM form." }),
    signatureSecret: secret().optional().meta({
      title: "Signature secret",
      description: "In the account's API settings: what webhooks are signed with. Without it no receipt is believed.",
    }),
    from: z.string().min(1).meta({ title: "Sender", description: "A number in E.164 form or an alphanumeric sender." }),
    apiUrl: z.url().optional().meta({
      title: "API address",
      description: "Only where you reach Vonage through a gateway of your own. Empty: Vonage's own.",
      advanced: true,
    }),
  })
  .refine((account) => (account.applicationId === undefined) === (account.privateKey === undefined), {
    message: "must come with privateKey, and privateKey with it",
    path: ["applicationId"],
  });
type VonageConfig = z.infer<typeof config>;

const sent = z.object({ message_uuid: z.string().min(1) });

/**
 * SMS over Vonage's Messages API, by undici: @vonage/messages takes no abort signal and logs the private key when debugging.
 * API: https://developer.vonage.com/en/api/messages, codes: https://developer.vonage.com/en/api-errors/messages
 */
export const vonage = defineProvider<VonageConfig>({
  id: "vonage",
  name: "Vonage",
  channels: ["sms"],
  config,
  honoursIdempotencyKey: false,
  async connect(account, context) {
    const api = vendorApi(account.apiUrl ?? "https://api.nexmo.com", context);
    return {
      async send({ to, content }, { idempotencyKey, receiptUrl, signal }) {
        const { text } = content as SmsContent;
        const reply = await api.call({
          method: "POST",
          path: "/v1/messages",
          headers: { authorization: authorizationOf(account) },
          json: {
            channel: "sms",
            message_type: "text",
            to: plain(to),
            from: plain(account.from),
            text,
            client_ref: idempotencyKey,
            ...(receiptUrl && { webhook_url: receiptUrl, webhook_version: "v1" }),
          },
          signal,
        });
        const message = sent.safeParse("status" in reply && reply.status < 300 ? reply.body : undefined);
        if (!message.success) return failureOf(reply, refusalOf);
        return {
          kind: "sent",
          providerMessageId: message.data.message_uuid,
          units: Math.max(1, countSmsSegments(text).segments),
        };
      },
      close: api.close,
    };
  },
  async check(account, context, signal) {
    const api = vendorApi(account.apiUrl ?? "https://rest.nexmo.com", context);
    return checkAccount(
      api,
      { path: "/account/get-balance", headers: { authorization: basicOf(account) }, signal },
      refusalOf,
    );
  },
  receipts: { read: async (request, account) => readingOf(request, account) },
});

function basicOf({ apiKey, apiSecret }: VonageConfig): string {
  return `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString("base64")}`;
}

function authorizationOf(account: VonageConfig): string {
  const { applicationId, privateKey } = account;
  if (applicationId === undefined || privateKey === undefined) return basicOf(account);
  return `Bearer ${applicationToken(applicationId, privateKey)}`;
}

/** Vonage takes and gives numbers without their `+`. */
function plain(number: string): string {
  return number.replace(/^\+/, "");
}

const problem = z.object({
  type: z.string().optional(),
  title: z.union([z.string(), z.number()]).optional(),
  detail: z.string().optional(),
  invalid_parameters: z.array(z.object({ name: z.string(), reason: z.string().optional() })).optional(),
});

function refusalOf(body: unknown): VendorRefusal {
  const { type = "", title = "", detail = "", invalid_parameters: invalid = [] } = problem.safeParse(body).data ?? {};
  const named = invalid.map(({ name, reason }) => [name, reason].filter(Boolean).join(": "));
  const words = [title, detail, ...named].filter((part) => part !== "").join(", ");
  const code = codeOf(type);
  return {
    words,
    passing: code === throttled,
    addressDead: fateOf(code) === "dead" || invalid.some(({ name }) => name === "to"),
  };
}

const throttled = 1000;
/** Invalid number, absent for good. */
const deadNumber = new Set([1170, 1190]);
/** The person "has already sent a STOP opt-out message". */
const optedOut = 1240;

function fateOf(code: number): NumberFate {
  if (deadNumber.has(code)) return "dead";
  return code === optedOut ? "opted_out" : "passing";
}

/** Errors name themselves by a URL that ends in `#1240`. */
function codeOf(type: string): number {
  return Number(/#(\d+)$/.exec(type)?.[1] ?? Number.NaN);
}

const status = z.object({
  message_uuid: z.string().min(1),
  to: z.string(),
  timestamp: z.string(),
  status: z.string(),
  error: problem.optional(),
});
const inbound = z.object({
  message_uuid: z.string().min(1),
  from: z.string(),
  timestamp: z.string(),
  text: z.string(),
});

function readingOf({ headers, body }: ReceiptRequest, { signatureSecret }: VonageConfig): ReceiptReading {
  if (signatureSecret === undefined) return { kind: "forged", reason: "the account has no signatureSecret" };
  const [, token = ""] = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  const fault = webhookTokenFault(token, signatureSecret, body);
  if (fault !== null) return { kind: "forged", reason: fault };
  const json = jsonOf(body);
  const told = status.safeParse(json);
  if (told.success) return { kind: "receipts", receipts: receiptsOf(told.data) };
  const came = inbound.safeParse(json);
  if (came.success) {
    const { message_uuid: id, from, text, timestamp } = came.data;
    return { kind: "receipts", receipts: receiptsOfInbound({ id, from, text, at: momentOf(timestamp) }) };
  }
  const isOther = z.object({ message_uuid: z.string() }).safeParse(json).success;
  return isOther ? { kind: "receipts", receipts: [] } : { kind: "unreadable", reason: "no message's status or text" };
}

function receiptsOf(told: z.infer<typeof status>): Receipt[] {
  const { message_uuid: providerMessageId, to, timestamp, error } = told;
  const about = {
    eventId: `${providerMessageId}:${told.status}`,
    providerMessageId,
    address: e164Of(to),
    at: momentOf(timestamp),
  };
  if (told.status === "delivered") return [{ ...about, kind: "delivered" }];
  if (told.status !== "rejected" && told.status !== "undeliverable") return [];
  const code = codeOf(error?.type ?? "") || Number(error?.title);
  const reason = [told.status, error?.title, error?.detail].filter((part) => part !== undefined).join(" ");
  return receiptsOfFailure({ ...about, reason }, fateOf(code));
}
