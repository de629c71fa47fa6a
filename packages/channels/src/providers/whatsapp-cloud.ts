import { z } from "zod";
import { type WhatsappContent, whatsappPairRate } from "../channels/whatsapp";
import { defineProvider, secret } from "../provider";
import type { ProviderContext } from "../provider-context";
import { checkAccount, failureOf, type VendorRefusal, vendorApi } from "./vendor-api";
import { whatsappReading } from "./whatsapp-cloud-receipts";
import { templateOf } from "./whatsapp-template";

const config = z.strictObject({
  phoneNumberId: z
    .string()
    .regex(/^\d{5,32}$/, "must be the number's ID, which is digits only")
    .meta({ title: "Phone number ID", description: "As Meta's app dashboard shows it; not the number itself." }),
  accessToken: secret().meta({
    title: "Access token",
    description: "Of a system user with whatsapp_business_messaging.",
  }),
  appSecret: secret().meta({ title: "App secret", description: "Of the Meta app: what its webhooks are signed with." }),
  verifyToken: secret().meta({
    title: "Verify token",
    description: "A word of your choice, to be given to Meta with the webhook's URL.",
  }),
  templateLanguage: z
    .string()
    .regex(/^[a-z]{2,3}(_[A-Za-z]{2,4})?$/, "must be a language code such as en_US")
    .default("en_US")
    .meta({ title: "Template language", description: "Of templates whose id names none, such as en_US." }),
  apiVersion: z
    .string()
    .regex(/^v\d{1,3}\.\d$/, "must be a version such as v25.0")
    .default("v25.0")
    .meta({ title: "Graph API version", description: "Such as v25.0.", advanced: true }),
  apiUrl: z.url().optional().meta({
    title: "API address",
    description: "Only where you reach Meta through a gateway of your own. Empty: Meta's own.",
    advanced: true,
  }),
});
type WhatsappConfig = z.infer<typeof config>;

const sent = z.object({ messages: z.array(z.object({ id: z.string().min(1) })).min(1) });

/**
 * WhatsApp over Meta's Cloud API, by undici: Meta has archived its own Node SDK.
 * API: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages,
 * codes: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
 */
export const whatsappCloud = defineProvider<WhatsappConfig>({
  id: "whatsapp-cloud",
  name: "WhatsApp Cloud API",
  channels: ["whatsapp"],
  config,
  honoursIdempotencyKey: false,
  pairRates: { whatsapp: whatsappPairRate },
  async connect(account, context) {
    const { api, path, headers } = graphOf(account, context);
    return {
      async send({ to, content }, { idempotencyKey, signal }) {
        const reply = await api.call({
          method: "POST",
          path: `${path}/messages`,
          headers,
          json: {
            messaging_product: "whatsapp",
            recipient_type: "individual",
            to,
            ...bodyOf(content as WhatsappContent, account.templateLanguage),
            biz_opaque_callback_data: idempotencyKey,
          },
          signal,
        });
        const message = sent.safeParse("status" in reply && reply.status < 300 ? reply.body : undefined);
        if (!message.success) return failureOf(reply, refusalOf);
        return { kind: "sent", providerMessageId: message.data.messages[0]?.id ?? "" };
      },
      close: api.close,
    };
  },
  async check(account, context, signal) {
    const { api, path, headers } = graphOf(account, context);
    const call = { path: `${path}?fields=id,display_phone_number`, headers, signal };
    return checkAccount(api, call, (body) => ({ words: wordsOf(body), passing: isPassing(codeOf(body)) }));
  },
  receipts: { read: async (request, account) => whatsappReading(request, account) },
});

function graphOf({ apiUrl, apiVersion, phoneNumberId, accessToken }: WhatsappConfig, context: ProviderContext) {
  return {
    api: vendorApi(apiUrl ?? "https://graph.facebook.com", context),
    path: `/${apiVersion}/${phoneNumberId}`,
    headers: { authorization: `Bearer ${accessToken}` },
  };
}

function bodyOf({ text = "", providerTemplate }: WhatsappContent, language: string) {
  if (!providerTemplate) return { type: "text", text: { body: text } };
  return { type: "template", template: templateOf(providerTemplate, language) };
}

const refusal = z.object({
  error: z.object({
    code: z.number(),
    message: z.string().optional(),
    error_data: z.object({ details: z.string().optional() }).optional(),
  }),
});

/** Throughput of the app, the business account, the number, or of one number with one person. */
const throttled = new Set([4, 80007, 130429, 131048, 131056]);
/** Meta's own trouble: unknown, service down, something went wrong, unavailable, maintenance. */
const troubled = new Set([1, 2, 131000, 131016, 131057]);
/** Token, permission, payment or policy: the account must be mended. */
const accountCodes = new Set([0, 3, 10, 33, 190, 368, 131005, 131031, 131042, 131045, 133010]);

function refusalOf(body: unknown): VendorRefusal {
  const code = codeOf(body);
  const isAccount = accountCodes.has(code) || (code >= 200 && code < 300);
  return { words: wordsOf(body), passing: isPassing(code) || isAccount };
}

function isPassing(code: number): boolean {
  return throttled.has(code) || troubled.has(code);
}

function codeOf(body: unknown): number {
  return refusal.safeParse(body).data?.error.code ?? Number.NaN;
}

function wordsOf(body: unknown): string {
  const { code, message, error_data: data } = refusal.safeParse(body).data?.error ?? {};
  return [code, message, data?.details].filter((part) => part !== undefined).join(" ");
}
