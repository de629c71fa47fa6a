import { createHmac, randomBytes } from "node:crypto";
import {
  type FakeOptions,
  type HttpAnswer,
  type HttpFake,
  type HttpProtocol,
  type HttpRequest,
  httpProtocol,
  listenHttp,
  meet,
} from "./http-fake";
import type { VendorCall } from "./vendor-call";

/** A message that WhatsApp's Cloud API accepted. */
export interface WhatsappCloudMessage {
  /** `wamid.…`. */
  id: string;
  to: string;
  /** The text, or the template's name with its parameters. */
  text: string;
  /** The request as it came. */
  fields: SentMessage;
}

interface SentMessage extends Record<string, unknown> {
  messaging_product?: string;
  to?: string;
  type?: string;
  text?: { body?: string };
  template?: {
    name?: string;
    language?: { code?: string };
    components?: { type: string; parameters: { type: string; text?: string }[] }[];
  };
}

const paths = /^\/v\d+\.\d\/(\d+)(\/messages)?$/;

/**
 * WhatsApp's Cloud API: sends, https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages, and the number that
 * sends. The access token `wrong` has expired. Counts by text.
 */
export function whatsappCloudProtocol(onMessage?: (message: WhatsappCloudMessage) => void): HttpProtocol {
  return httpProtocol(({ script, tally }) => (request) => {
    const [, phoneNumberId, messages] = paths.exec(request.path) ?? [];
    if (!phoneNumberId) return problem(404, 2500, "Unknown path components");
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (!token || token === "wrong") return problem(401, 190, "Error validating access token: Session has expired");
    if (request.method === "GET" && !messages) {
      return { status: 200, body: { id: phoneNumberId, display_phone_number: "+1 415-555-0100" } };
    }
    if (request.method !== "POST" || !messages) return problem(400, 100, "Unsupported request");
    return meet(script, () => {
      const fields = fieldsOf(request);
      const refusal = refusalOf(fields);
      if (refusal) return refusal;
      const to = (fields.to ?? "").replace(/^\+/, "");
      const message = { id: `wamid.${randomBytes(24).toString("base64")}`, to, text: textOf(fields), fields };
      tally.add(message.text);
      onMessage?.(message);
      return {
        status: 200,
        body: {
          messaging_product: "whatsapp",
          contacts: [{ input: fields.to, wa_id: to }],
          messages: [{ id: message.id, message_status: "accepted" }],
        },
      };
    });
  });
}

export function createWhatsappCloudFake({
  port,
  onMessage,
}: FakeOptions<WhatsappCloudMessage> = {}): Promise<HttpFake> {
  return listenHttp(whatsappCloudProtocol(onMessage), port);
}

/** An answer as the Graph API words its refusals. */
export function problem(
  status: number,
  code: number,
  message: string,
  details?: string,
  headers: Record<string, string> = {},
): HttpAnswer {
  const error_data = details === undefined ? {} : { error_data: { messaging_product: "whatsapp", details } };
  const error = { message: `(#${code}) ${message}`, type: "OAuthException", code, ...error_data, fbtrace_id: "AbC" };
  return { status, headers, body: { error } };
}

/** A notification as Meta makes and signs it: https://developers.facebook.com/docs/graph-api/webhooks/getting-started */
export function whatsappCall(
  url: string,
  appSecret: string,
  phoneNumberId: string,
  value: Record<string, unknown>,
): VendorCall {
  const metadata = { display_phone_number: "14155550100", phone_number_id: phoneNumberId };
  const changes = [{ field: "messages", value: { messaging_product: "whatsapp", metadata, ...value } }];
  const told = { object: "whatsapp_business_account", entry: [{ id: "102290129340398", changes }] };
  return signedByMeta(url, appSecret, Buffer.from(JSON.stringify(told)));
}

/** Any body, signed as Meta signs. */
export function signedByMeta(url: string, appSecret: string, body: Buffer): VendorCall {
  const signature = createHmac("sha256", appSecret).update(body).digest("hex");
  return {
    method: "POST",
    url,
    headers: { "content-type": "application/json", "x-hub-signature-256": `sha256=${signature}` },
    body,
  };
}

function fieldsOf({ body }: HttpRequest): SentMessage {
  try {
    return JSON.parse(body.toString());
  } catch {
    return {}; // refused for what it lacks
  }
}

function refusalOf({ messaging_product, to = "", type = "text", text, template }: SentMessage): HttpAnswer | null {
  if (messaging_product !== "whatsapp") {
    return problem(400, 100, "The parameter messaging_product is required.");
  }
  if (!/^\+?[1-9]\d{6,14}$/.test(to)) return problem(400, 100, "Invalid parameter", `to: ${to} is not a phone number`);
  if (type === "text" && !text?.body) return problem(400, 100, "The parameter text['body'] is required.");
  if (type === "text") return null;
  if (type !== "template" || !template?.name || !template.language?.code) {
    return problem(400, 100, "Invalid parameter", "template: name and language are required");
  }
  if (template.name.startsWith("missing")) {
    const details = `template name (${template.name}) does not exist in ${template.language.code}`;
    return problem(404, 132001, "Template name does not exist in the translation", details);
  }
  return null;
}

function textOf({ text, template }: SentMessage): string {
  if (text?.body) return text.body;
  const parameters = template?.components?.flatMap(({ parameters: own }) => own.map(({ text: word }) => word)) ?? [];
  return [template?.name, ...parameters].join(" ");
}
