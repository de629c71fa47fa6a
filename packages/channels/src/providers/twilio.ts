import { countSmsSegments } from "@tidings/shared/sms-segments";
import { z } from "zod";
import type { SmsContent } from "../channels/sms";
import { type WhatsappContent, whatsappPairRate } from "../channels/whatsapp";
import { settingsGuard } from "../outbound-guard";
import { type AccountCheck, defineProvider, type OutboundMessage, type SendOutcome, secret } from "../provider";
import type { ProviderContext } from "../provider-context";
import { twilioReading } from "./twilio-receipts";
import { type VendorAnswer, vendorAgent } from "./vendor-agent";

const config = z
  .strictObject({
    accountSid: z
      .string()
      .regex(/^AC[\w]{6,64}$/, "must be an account SID, which begins with AC")
      .meta({ title: "Account SID", description: "It begins with AC." }),
    authToken: secret().meta({
      title: "Auth token",
      description: "Beside the SID, on the console's first page. It signs receipts, too.",
    }),
    from: z.string().min(1).optional().meta({
      title: "SMS sender",
      description: "A number in E.164 form such as +14155550100, a short code or an alphanumeric sender.",
    }),
    messagingServiceSid: z
      .string()
      .regex(/^MG\w+$/, "must be a messaging service SID, which begins with MG")
      .optional()
      .meta({
        title: "Messaging service SID",
        description: "Sends SMS through a messaging service instead of one number. It begins with MG.",
      }),
    whatsappFrom: z
      .string()
      .min(1)
      .optional()
      .meta({ title: "WhatsApp sender", description: "Its number in E.164 form. Empty: no WhatsApp." }),
    apiUrl: z.url().optional().meta({
      title: "API address",
      description: "Only where you reach Twilio through a gateway of your own. Empty: Twilio's own.",
      advanced: true,
    }),
  })
  .refine((account) => account.from ?? account.messagingServiceSid ?? account.whatsappFrom, {
    message: "must have from, messagingServiceSid or whatsappFrom",
  });
type TwilioConfig = z.infer<typeof config>;

/**
 * SMS and WhatsApp over Twilio's own SDK. `units` are Twilio's `num_segments`; a messaging service does not know them when it
 * answers, and says 0: then they are counted here.
 * Codes: https://www.twilio.com/docs/api/errors
 */
export const twilio = defineProvider<TwilioConfig>({
  id: "twilio",
  name: "Twilio",
  channels: ["sms", "whatsapp"],
  config,
  honoursIdempotencyKey: false,
  pairRates: { whatsapp: whatsappPairRate },
  usualRate: ({ from, messagingServiceSid, whatsappFrom }) => {
    if (messagingServiceSid !== undefined || whatsappFrom !== undefined || !northAmerican.test(from ?? "")) return null;
    const perSecond = tollFree.test(from ?? "") ? 3 : 1;
    return { perSecond, burst: perSecond };
  },
  async connect(account, context) {
    const { vendor, client } = await open(account, context);
    return {
      async send(message, { receiptUrl, signal }) {
        const parts = message.channel === "whatsapp" ? whatsappParts(account, message) : smsParts(account, message);
        if (parts === null) return { kind: "rejected", reason: `the account has no sender for ${message.channel}` };
        const result = await vendor.attempt(signal, () =>
          client.messages.create({ ...parts, ...(receiptUrl && { statusCallback: receiptUrl }) }),
        );
        if (!("answer" in result)) return outcomeOf(result);
        const { sid, numSegments } = result.answer;
        const text = message.channel === "sms" ? (message.content as SmsContent).text : "";
        const units = Number(numSegments) || countSmsSegments(text).segments;
        return { kind: "sent", providerMessageId: sid, units: Math.max(1, units) };
      },
      async close() {
        vendor.close();
      },
    };
  },
  async check(account, context, signal) {
    const { vendor, client } = await open(account, context);
    const result = await vendor.attempt(signal, () => client.api.v2010.accounts(account.accountSid).fetch());
    vendor.close();
    if (!("answer" in result)) return checkOf(result);
    const { status } = result.answer;
    return status === "active" ? { kind: "good" } : { kind: "refused", reason: `the account is ${status}` };
  },
  receipts: { read: (request, { authToken }) => twilioReading(request, authToken) },
});

async function open({ accountSid, authToken, apiUrl }: TwilioConfig, context: ProviderContext) {
  const { default: sdk } = await import("twilio");
  const vendor = vendorAgent(apiUrl, settingsGuard(context));
  const httpClient = new sdk.RequestClient();
  httpClient.axios.defaults.httpsAgent = vendor.agent;
  return { vendor, client: sdk(accountSid, authToken, { httpClient }) };
}

type MessageParts = { to: string; from?: string; messagingServiceSid?: string } & (
  | { body: string }
  | { contentSid: string; contentVariables?: string }
);

function smsParts(account: TwilioConfig, { to, content }: OutboundMessage): MessageParts | null {
  const sender = senderOf(account.messagingServiceSid, account.from);
  return sender && { to, ...sender, body: (content as SmsContent).text };
}

function whatsappParts(account: TwilioConfig, { to, content }: OutboundMessage): MessageParts | null {
  const sender = senderOf(
    account.whatsappFrom === undefined ? account.messagingServiceSid : undefined,
    account.whatsappFrom && `whatsapp:${account.whatsappFrom}`,
  );
  const { text = "", providerTemplate } = content as WhatsappContent;
  if (!sender) return null;
  if (!providerTemplate) return { to: `whatsapp:${to}`, ...sender, body: text };
  const { id, variables } = providerTemplate;
  return {
    to: `whatsapp:${to}`,
    ...sender,
    contentSid: id,
    ...(variables && { contentVariables: JSON.stringify(variables) }),
  };
}

function senderOf(messagingServiceSid: string | undefined, from: string | undefined) {
  if (messagingServiceSid !== undefined) return { messagingServiceSid };
  return from === undefined ? null : { from };
}

/**
 * Long codes send 1 segment a second, toll-free ones 3:
 * https://www.twilio.com/help/faq/twilio-basics/what-are-the-limits-on-outbound-calls-and-sms-messages-per-second
 */
const northAmerican = /^\+1\d{10}$/;
const tollFree = /^\+18(?:00|33|44|55|66|77|88)/;

/** Not a number at all, or not one that takes messages. */
const deadNumber = new Set([21211, 21614]);
/** Too fast for Twilio, for the sending number or for WhatsApp. */
const throttled = new Set([20429, 21611, 30001, 63018]);
/** Wrong or blocked credentials: the account must be mended, the message is not at fault. */
const accountStatuses = new Set([401, 403]);

type VendorFailure = Exclude<VendorAnswer<unknown>, { answer: unknown }>;

function outcomeOf(failure: VendorFailure): SendOutcome {
  const { error, status, retryAfterMs, ambiguous } = failure;
  const { code } = error as { code?: unknown };
  const words = wordsOf(failure);
  const isRefusal = status !== undefined && status >= 300 && status < 500;
  const isPassing = status === 408 || status === 429 || accountStatuses.has(status ?? 0) || throttled.has(Number(code));
  if (isRefusal && !isPassing) {
    // 21610 (the person replied STOP) is refused here too; the number itself is alive.
    return { kind: "rejected", reason: words, ...(deadNumber.has(Number(code)) && { addressDead: true }) };
  }
  return {
    kind: "deferred",
    reason: words,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(ambiguous && { ambiguous }),
  };
}

function checkOf(failure: VendorFailure): AccountCheck {
  const { status = 0 } = failure;
  const isRefusal = status >= 400 && status < 500 && status !== 408 && status !== 429;
  return { kind: isRefusal ? "refused" : "unreachable", reason: wordsOf(failure) };
}

function wordsOf({ error, status }: VendorFailure): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return [typeof code === "number" ? code : status, message].filter((part) => part !== undefined).join(" ");
}
