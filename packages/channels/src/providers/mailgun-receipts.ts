import { createHmac } from "node:crypto";
import { z } from "zod";
import type { Receipt, ReceiptReader } from "../receipt";
import { addressOf } from "./mailbox-parts";
import { jsonOf, momentOf } from "./receipt-body";
import { isSameText } from "./same-text";

interface Account {
  webhookSigningKey?: string | undefined;
}

/**
 * How old a signature may be, in milliseconds: Mailgun posts again for 8 hours and does not say that it signs afresh.
 * Its signature does not cover the event either: the token is remembered for longer than that, and vouches for its first alone.
 */
const toleranceMs = 9 * 3_600_000;

const call = z.object({
  signature: z.object({ timestamp: z.coerce.string(), token: z.string().min(1), signature: z.string() }),
  "event-data": z.unknown(),
});

const event = z.object({
  id: z.string().min(1),
  event: z.string(),
  /** Unix seconds with a fraction. */
  timestamp: z.number(),
  severity: z.string().optional(),
  reason: z.string().optional(),
  recipient: z.string().optional(),
  url: z.string().optional(),
  message: z.object({ headers: z.object({ "message-id": z.string().optional() }).optional() }).optional(),
  "delivery-status": z
    .object({
      code: z.union([z.number(), z.string()]).nullish(),
      message: z.string().nullish(),
      description: z.string().nullish(),
    })
    .optional(),
  reject: z.object({ reason: z.string().optional() }).optional(),
});
type MailgunEvent = z.infer<typeof event>;

/**
 * Mailgun's webhooks: an HMAC over a timestamp and a token vouches for the caller.
 * https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
 */
export const mailgunReceipts: ReceiptReader<Account> = {
  async read({ body }, { webhookSigningKey }) {
    if (webhookSigningKey === undefined) {
      return { kind: "forged", reason: "the account has no webhookSigningKey to verify with" };
    }
    const read = call.safeParse(jsonOf(body));
    if (!read.success) return { kind: "forged", reason: "the signature is missing" };
    const { signature, "event-data": data } = read.data;
    const { timestamp, token } = signature;
    const expected = createHmac("sha256", webhookSigningKey)
      .update(timestamp + token)
      .digest("hex");
    if (!isSameText(signature.signature, expected)) return { kind: "forged", reason: "the signature is wrong" };
    const ageMs = Math.abs(Date.now() - Number(timestamp) * 1000);
    if (!(ageMs <= toleranceMs)) return { kind: "forged", reason: "the signature is too old" };
    const told = event.safeParse(data).data;
    if (!told) return { kind: "unreadable", reason: "not an event of Mailgun" };
    const receipt = receiptOf(told);
    return { kind: "receipts", receipts: receipt ? [receipt] : [], voucher: { token, eventId: told.id } };
  },
};

function receiptOf(told: MailgunEvent): Receipt | null {
  const kind = kindOf(told);
  if (!kind) return null;
  const { id, timestamp, recipient, message, url, reason, reject, "delivery-status": status } = told;
  const words = [status?.code, reason, status?.description || status?.message, reject?.reason]
    .filter(Boolean)
    .join(" ");
  return {
    eventId: id,
    kind,
    providerMessageId: message?.headers?.["message-id"] ?? null,
    address: recipient === undefined ? null : addressOf(recipient),
    at: momentOf(timestamp * 1000),
    ...(words && kind.startsWith("bounced") && { reason: words }),
    ...(url && { url }),
  };
}

/** Why a failure is the address's own: it bounced just now, or earlier. */
const hardReasons = new Set(["bounce", "suppress-bounce", "hardfail"]);

function kindOf({ event, severity, reason = "" }: MailgunEvent): Receipt["kind"] | null {
  switch (event) {
    case "delivered":
    case "opened":
    case "clicked":
    case "unsubscribed":
    case "complained":
      return event;
    case "failed":
      // Mailgun goes on trying after a temporary failure, unless the message has become too old for it.
      if (severity === "temporary") return reason === "old" ? "bounced_soft" : null;
      return hardReasons.has(reason) ? "bounced_hard" : "bounced_soft";
    case "rejected":
      return "bounced_soft";
    default:
      return null;
  }
}
