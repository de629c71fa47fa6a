import { createHmac } from "node:crypto";
import { z } from "zod";
import type { Receipt, ReceiptReading, ReceiptRequest } from "../receipt";
import { type NumberFate, receiptsOfFailure } from "./failed-message";
import { e164Of, receiptsOfInbound } from "./opt-out-words";
import { jsonOf, momentOf } from "./receipt-body";
import { isSameText } from "./same-text";

/** What of an account its webhooks are verified with. */
interface WebhookSettings {
  appSecret: string;
  verifyToken: string;
  phoneNumberId: string;
}

/** Seconds since 1970, as a number or in digits. */
const seconds = z.coerce.number().int().nonnegative();
const failure = z.object({
  code: z.number().optional(),
  title: z.string().optional(),
  message: z.string().optional(),
  error_data: z.object({ details: z.string().optional() }).optional(),
});
const status = z.object({
  id: z.string().min(1),
  status: z.string(),
  timestamp: seconds,
  recipient_id: z.string(),
  errors: z.array(failure).optional(),
});
const inbound = z.object({
  id: z.string().min(1),
  from: z.string(),
  timestamp: seconds,
  type: z.string().optional(),
  text: z.object({ body: z.string() }).optional(),
  /** The answer by a template's quick-reply button. */
  button: z.object({ text: z.string() }).optional(),
});
/** Marketing messages stopped or resumed by WhatsApp's own menu. */
const preference = z.object({ wa_id: z.string(), value: z.enum(["stop", "resume"]), timestamp: seconds });
/** Each piece is read by itself, so that one that Meta has changed does not take the others with it. */
const pieces = z.array(z.unknown()).optional();
const notification = z.object({
  object: z.literal("whatsapp_business_account"),
  entry: z.array(
    z.object({
      changes: z.array(
        z.object({
          value: z.object({
            metadata: z.object({ phone_number_id: z.string() }).optional(),
            statuses: pieces,
            messages: pieces,
            user_preferences: pieces,
          }),
        }),
      ),
    }),
  ),
});

/** Verifies and reads a call by Meta: https://developers.facebook.com/docs/graph-api/webhooks/getting-started */
export function whatsappReading(request: ReceiptRequest, settings: WebhookSettings): ReceiptReading {
  if (request.method === "GET") return handshakeOf(request.url, settings.verifyToken);
  const signature = request.headers["x-hub-signature-256"] ?? "";
  const expected = `sha256=${createHmac("sha256", settings.appSecret).update(request.body).digest("hex")}`;
  if (!isSameText(signature, expected)) return { kind: "forged", reason: "x-hub-signature-256 is missing or wrong" };
  const read = notification.safeParse(jsonOf(request.body));
  if (!read.success) return { kind: "unreadable", reason: "not a notification of a WhatsApp Business account" };
  const values = read.data.entry
    .flatMap(({ changes }) => changes.map(({ value }) => value))
    // One app gets the webhooks of all its numbers; the others have accounts of their own.
    .filter(({ metadata }) => metadata === undefined || metadata.phone_number_id === settings.phoneNumberId);
  return {
    kind: "receipts",
    receipts: values.flatMap((value) => [
      ...readable(status, value.statuses).flatMap(receiptsOfStatus),
      ...readable(inbound, value.messages).flatMap(receiptsOfMessage),
      ...readable(preference, value.user_preferences).flatMap(receiptsOfPreference),
    ]),
  };
}

function handshakeOf(url: string, verifyToken: string): ReceiptReading {
  const query = new URLSearchParams(url.split("?")[1] ?? "");
  const isOurs = isSameText(query.get("hub.verify_token") ?? "", verifyToken);
  if (query.get("hub.mode") !== "subscribe" || !isOurs) {
    return { kind: "forged", reason: "hub.verify_token is missing or wrong" };
  }
  const answer = query.get("hub.challenge") ?? "";
  if (/^[\w-]{1,256}$/.test(answer)) return { kind: "handshake", answer };
  return { kind: "unreadable", reason: "no hub.challenge" };
}

function readable<Piece>(schema: z.ZodType<Piece>, pieces: unknown[] = []): Piece[] {
  return pieces.flatMap((piece) => {
    const read = schema.safeParse(piece);
    return read.success ? [read.data] : [];
  });
}

function receiptsOfStatus(told: z.infer<typeof status>): Receipt[] {
  const about = {
    eventId: `${told.id}:${told.status}`,
    providerMessageId: told.id,
    address: e164Of(told.recipient_id),
    at: momentOf(told.timestamp * 1_000),
  };
  const delivered: Receipt = { ...about, eventId: `${told.id}:delivered`, kind: "delivered" };
  if (told.status === "delivered") return [delivered];
  // Of a message that is read at once Meta may tell nothing else.
  if (told.status === "read") return [delivered, { ...about, kind: "opened" }];
  if (told.status !== "failed") return [];
  const { code, title, message, error_data: data } = told.errors?.[0] ?? {};
  const words = [code, title ?? message, data?.details].filter((part) => part !== undefined).join(" ");
  return receiptsOfFailure({ ...about, reason: words || "failed" }, fateOf(code));
}

/**
 * No code tells a dead number for certain: 131026 is said of numbers without WhatsApp, but also of old apps and of terms not accepted.
 * 131050: the person has stopped marketing messages.
 */
function fateOf(code: number | undefined): NumberFate {
  return code === 131050 ? "opted_out" : "passing";
}

function receiptsOfMessage({ id, from, timestamp, text, button }: z.infer<typeof inbound>): Receipt[] {
  return receiptsOfInbound({ id, from, text: text?.body ?? button?.text ?? "", at: momentOf(timestamp * 1_000) });
}

function receiptsOfPreference({ wa_id: id, value, timestamp }: z.infer<typeof preference>): Receipt[] {
  const address = e164Of(id);
  if (address === null) return [];
  const kind = value === "stop" ? "unsubscribed" : "resubscribed";
  const eventId = `${id}:${value}:${timestamp}`;
  return [{ eventId, kind, providerMessageId: null, address, at: momentOf(timestamp * 1_000), reason: value }];
}
