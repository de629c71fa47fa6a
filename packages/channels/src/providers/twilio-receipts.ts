import type { Receipt, ReceiptReading, ReceiptRequest } from "../receipt";
import { type NumberFate, receiptsOfFailure } from "./failed-message";
import { e164Of, receiptsOfInbound } from "./opt-out-words";
import { type FormFields, field, formFields, momentOf, textOf } from "./receipt-body";

/**
 * Verifies by Twilio's own validator, and reads, status callbacks and messages that persons sent.
 * https://www.twilio.com/docs/usage/security and https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
 */
export async function twilioReading(request: ReceiptRequest, authToken: string): Promise<ReceiptReading> {
  const { method, url, headers, body } = request;
  const form = formFields(method === "POST" ? body : "");
  if (form === null) return { kind: "forged", reason: "the form is too large to be Twilio's" };
  const signature = headers["x-twilio-signature"] ?? "";
  if (!URL.canParse(url)) return { kind: "forged", reason: "the URL is none" };
  // Of the SDK only what needs no more than node:crypto.
  const { validateRequest, validateRequestWithBody } = await import("twilio/lib/webhooks/webhooks.js");
  const isGenuine = new URL(url).searchParams.has("bodySHA256")
    ? validateRequestWithBody(authToken, signature, url, textOf(body))
    : validateRequest(authToken, signature, url, form);
  if (!isGenuine) return { kind: "forged", reason: "x-twilio-signature is missing or wrong" };
  const told = method === "POST" ? form : Object.fromEntries(new URL(url).searchParams);
  const id = field(told, "MessageSid");
  if (id === "") return { kind: "unreadable", reason: "no MessageSid" };
  const isStatus = field(told, "MessageStatus") !== "";
  return { kind: "receipts", receipts: isStatus ? receiptsOf(id, told) : wishesOf(id, told) };
}

function receiptsOf(providerMessageId: string, told: FormFields): Receipt[] {
  const status = field(told, "MessageStatus");
  const about = {
    eventId: `${providerMessageId}:${status}`,
    providerMessageId,
    address: e164Of(numberOf(field(told, "To"))),
    at: momentOf(undefined), // Twilio tells no time
  };
  const delivered: Receipt = { ...about, eventId: `${providerMessageId}:delivered`, kind: "delivered" };
  if (status === "delivered") return [delivered];
  // WhatsApp tells a message that is read at once perhaps by that alone.
  if (status === "read") return [delivered, { ...about, kind: "opened" }];
  if (status !== "undelivered" && status !== "failed") return [];
  const code = field(told, "ErrorCode");
  const reason = [status, code, field(told, "ErrorMessage")].filter(Boolean).join(" ");
  const channel = channelOf(field(told, "To"));
  return receiptsOfFailure({ ...about, reason }, fateOf(Number(code))).map((receipt) => onChannel(receipt, channel));
}

/**
 * Not a number, not a mobile one, unknown to its carrier, a landline, not on WhatsApp. The others of 30003 to 30008 (switched
 * off, blocked, filtered, unknown) may pass. https://www.twilio.com/docs/api/errors
 */
const deadNumber = new Set([21211, 21614, 30005, 30006, 63003]);
/** The person replied STOP. */
const optedOut = 21610;

function fateOf(code: number): NumberFate {
  if (deadNumber.has(code)) return "dead";
  return code === optedOut ? "opted_out" : "passing";
}

/** A messaging service with Advanced Opt-Out knows words of its own, in any language, and names what they mean. */
const optOutTypes: Record<string, string> = { STOP: "STOP", START: "START", HELP: "" };

function wishesOf(id: string, told: FormFields): Receipt[] {
  const from = numberOf(field(told, "From"));
  const written = field(told, "Body");
  const text = optOutTypes[field(told, "OptOutType").toUpperCase()] ?? written;
  const at = momentOf(undefined);
  const channel = channelOf(field(told, "From"));
  return receiptsOfInbound({ id, from, text, at }).map((receipt) =>
    onChannel({ ...receipt, reason: written.trim() || text }, channel),
  );
}

/** A wish concerns the channel it was written on; a message is known with its channel. */
function onChannel(receipt: Receipt, channel: string): Receipt {
  return receipt.providerMessageId === null ? { ...receipt, channel } : receipt;
}

function channelOf(address: string): string {
  return address.startsWith("whatsapp:") ? "whatsapp" : "sms";
}

/** Without Twilio's `whatsapp:`. */
function numberOf(address: string): string {
  return address.replace(/^whatsapp:/, "");
}
