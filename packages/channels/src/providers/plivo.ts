import { countSmsSegments } from "@tidings/shared/sms-segments";
import { z } from "zod";
import type { SmsContent } from "../channels/sms";
import { defineProvider, secret } from "../provider";
import type { Receipt, ReceiptReading, ReceiptRequest } from "../receipt";
import { type NumberFate, receiptsOfFailure } from "./failed-message";
import { e164Of, receiptsOfInbound } from "./opt-out-words";
import { isSignedByPlivo } from "./plivo-signature";
import { type FormFields, field, formFields, momentOf } from "./receipt-body";
import { checkAccount, failureOf, type VendorRefusal, vendorApi } from "./vendor-api";

const config = z
  .strictObject({
    authId: z
      .string()
      .regex(/^(MA|SA)\w{6,64}$/, "must be an auth ID, which begins with MA or SA")
      .meta({ title: "Auth ID", description: "It begins with MA or SA." }),
    authToken: secret().meta({ title: "Auth token", description: "It signs receipts, too." }),
    from: z
      .string()
      .min(1)
      .optional()
      .meta({ title: "Sender", description: "A number in E.164 form, a short code or an alphanumeric sender." }),
    powerpackUuid: z
      .uuid()
      .optional()
      .meta({ title: "Powerpack", description: "Its UUID: sends through it instead of one number." }),
    apiUrl: z.url().optional().meta({
      title: "API address",
      description: "Only where you reach Plivo through a gateway of your own. Empty: Plivo's own.",
      advanced: true,
    }),
  })
  .refine((account) => account.from ?? account.powerpackUuid, { message: "must have from or powerpackUuid" });
type PlivoConfig = z.infer<typeof config>;

const plivoUrl = "https://api.plivo.com";
const sent = z.object({ message_uuid: z.array(z.string().min(1)).min(1) });

/**
 * SMS over Plivo's Message API, by undici: its client takes neither an abort signal nor a base URL, and sets axios's agents for all.
 * API: https://www.plivo.com/docs/messaging/api/message/send-a-message
 */
export const plivo = defineProvider<PlivoConfig>({
  id: "plivo",
  name: "Plivo",
  channels: ["sms"],
  config,
  honoursIdempotencyKey: false,
  async connect(account, context) {
    const api = vendorApi(account.apiUrl ?? plivoUrl, context);
    const sender =
      account.powerpackUuid === undefined ? { src: account.from } : { powerpack_uuid: account.powerpackUuid };
    return {
      async send({ to, content }, { receiptUrl, signal }) {
        const { text } = content as SmsContent;
        const reply = await api.call({
          method: "POST",
          path: `/v1/Account/${account.authId}/Message/`,
          headers: { authorization: authorizationOf(account) },
          json: { ...sender, dst: to, text, type: "sms", ...(receiptUrl && { url: receiptUrl, method: "POST" }) },
          signal,
        });
        const message = sent.safeParse("status" in reply && reply.status < 300 ? reply.body : undefined);
        if (!message.success) return failureOf(reply, refusalOf);
        return {
          kind: "sent",
          providerMessageId: message.data.message_uuid[0] ?? "",
          units: Math.max(1, countSmsSegments(text).segments),
        };
      },
      close: api.close,
    };
  },
  async check(account, context, signal) {
    const api = vendorApi(account.apiUrl ?? plivoUrl, context);
    const headers = { authorization: authorizationOf(account) };
    return checkAccount(api, { path: `/v1/Account/${account.authId}/`, headers, signal }, refusalOf);
  },
  receipts: { read: async (request, account) => readingOf(request, account) },
});

function authorizationOf({ authId, authToken }: PlivoConfig): string {
  return `Basic ${Buffer.from(`${authId}:${authToken}`).toString("base64")}`;
}

const refusal = z.object({ error: z.union([z.string(), z.record(z.string(), z.unknown())]) });

/** Plivo refuses in words only, so an invalid number is not told from another invalid parameter. */
function refusalOf(body: unknown): VendorRefusal {
  const { error = "" } = refusal.safeParse(body).data ?? {};
  return { words: typeof error === "string" ? error : JSON.stringify(error) };
}

/** Invalid destination number; destination permanently unavailable. https://www.plivo.com/docs/messaging/troubleshooting/error-codes */
const deadNumber = new Set(["50", "70"]);
/** "Source number blocked by STOP from destination number". */
const optedOut = "200";

function fateOf(code: string): NumberFate {
  if (deadNumber.has(code)) return "dead";
  return code === optedOut ? "opted_out" : "passing";
}

function readingOf(request: ReceiptRequest, { authToken }: PlivoConfig): ReceiptReading {
  const form = formFields(request.method === "POST" ? request.body : (request.url.split(/[?#]/)[1] ?? ""));
  if (form === null) return { kind: "forged", reason: "the form is too large to be Plivo's" };
  if (!isSignedByPlivo(request, form, authToken))
    return { kind: "forged", reason: "Plivo's signature is missing or wrong" };
  const id = field(form, "MessageUUID");
  if (id === "") return { kind: "unreadable", reason: "no MessageUUID" };
  if (field(form, "Status") !== "") return { kind: "receipts", receipts: receiptsOf(id, form) };
  const message = { id, from: field(form, "From"), text: field(form, "Text"), at: momentOf(undefined) };
  return { kind: "receipts", receipts: receiptsOfInbound(message) };
}

function receiptsOf(providerMessageId: string, form: FormFields): Receipt[] {
  const status = field(form, "Status");
  const about = {
    eventId: `${providerMessageId}:${status}`,
    providerMessageId,
    address: e164Of(field(form, "To")),
    at: momentOf(utc(field(form, "DeliveryReportTime"))),
  };
  if (status === "delivered") return [{ ...about, kind: "delivered" }];
  if (status !== "failed" && status !== "undelivered") return [];
  const code = field(form, "ErrorCode");
  const reason = [status, code].filter(Boolean).join(" ");
  return receiptsOfFailure({ ...about, reason }, fateOf(code));
}

/** Plivo writes `2026-02-17 12:00:00.123456`, in UTC. */
function utc(written: string): string {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/.test(written) ? `${written.replace(" ", "T")}Z` : written;
}
