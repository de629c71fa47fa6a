import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { z } from "zod";
import type { Receipt, ReceiptReader, ReceiptRequest } from "../receipt";
import { addressOf } from "./mailbox-parts";
import { jsonOf, momentOf } from "./receipt-body";

interface Account {
  webhookPublicKey?: string | undefined;
}

/**
 * How old a signature may be, in milliseconds: SendGrid posts again for 24 hours and does not say that it signs afresh.
 * What is replayed within that time changes nothing, since each event has its own id.
 */
const toleranceMs = 25 * 3_600_000;

const event = z.object({
  event: z.string(),
  sg_event_id: z.string().min(1),
  /** The id that the send was answered with, then a dot and more. */
  sg_message_id: z.string().optional(),
  email: z.string().optional(),
  /** Unix seconds. */
  timestamp: z.number(),
  reason: z.string().optional(),
  response: z.string().optional(),
  type: z.string().optional(),
  url: z.string().optional(),
});
type SendgridEvent = z.infer<typeof event>;

/**
 * The Signed Event Webhook: ECDSA over the timestamp and the body.
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
 */
export const sendgridReceipts: ReceiptReader<Account> = {
  async read(request, { webhookPublicKey }) {
    if (webhookPublicKey === undefined) {
      return { kind: "forged", reason: "the account has no webhookPublicKey to verify with" };
    }
    const reason = forgeryOf(request, webhookPublicKey);
    if (reason) return { kind: "forged", reason };
    const body = jsonOf(request.body);
    if (!Array.isArray(body)) return { kind: "unreadable", reason: "not a list of events" };
    return { kind: "receipts", receipts: body.flatMap((entry) => receiptOf(event.safeParse(entry).data) ?? []) };
  },
};

function forgeryOf({ headers, body }: ReceiptRequest, publicKey: string): string | null {
  const signature = headers["x-twilio-email-event-webhook-signature"];
  const timestamp = headers["x-twilio-email-event-webhook-timestamp"];
  if (!signature || !timestamp) return "the signature is missing";
  const key = keyOf(publicKey);
  if (!key) return "the account's webhookPublicKey is no ECDSA public key";
  const signed = Buffer.concat([Buffer.from(timestamp), body]);
  if (!verify("sha256", signed, key, Buffer.from(signature, "base64"))) return "the signature is wrong";
  const ageMs = Date.now() - Number(timestamp) * 1000;
  return Math.abs(ageMs) <= toleranceMs ? null : "the signature is too old";
}

function keyOf(base64: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, "base64"), format: "der", type: "spki" });
    return key.asymmetricKeyType === "ec" ? key : null;
  } catch {
    return null; // what a tenant wrote into the setting is no key
  }
}

function receiptOf(told: SendgridEvent | undefined): Receipt | null {
  const kind = told && kindOf(told);
  if (!kind) return null;
  const { sg_event_id, sg_message_id, email, timestamp, reason, response, url } = told;
  const words = reason ?? response;
  return {
    eventId: sg_event_id,
    kind,
    providerMessageId: sg_message_id?.split(".", 1)[0] ?? null,
    address: email === undefined ? null : addressOf(email),
    at: momentOf(timestamp * 1000),
    ...(words && { reason: words }),
    ...(url && { url }),
  };
}

/** `processed` and `deferred` are left out: SendGrid goes on trying. */
function kindOf({ event, type, reason = "" }: SendgridEvent): Receipt["kind"] | null {
  switch (event) {
    case "delivered":
      return "delivered";
    case "bounce":
      return type === "blocked" ? "bounced_soft" : "bounced_hard";
    case "dropped":
      return /^(bounced address|invalid)/i.test(reason) ? "bounced_hard" : "bounced_soft";
    case "open":
      return "opened";
    case "click":
      return "clicked";
    case "spamreport":
      return "complained";
    case "unsubscribe":
    case "group_unsubscribe":
      return "unsubscribed";
    case "group_resubscribe":
      return "resubscribed";
    default:
      return null;
  }
}
