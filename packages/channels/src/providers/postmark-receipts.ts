import { z } from "zod";
import type { Receipt, ReceiptReader } from "../receipt";
import { addressOf } from "./mailbox-parts";
import { jsonOf, momentOf } from "./receipt-body";
import { isSameText } from "./same-text";

interface Account {
  webhookUser?: string | undefined;
  webhookPassword?: string | undefined;
}

const event = z.object({
  RecordType: z.string(),
  /** Of a bounce or complaint. */
  ID: z.number().optional(),
  MessageID: z.string().optional(),
  Recipient: z.string().optional(),
  Email: z.string().optional(),
  Type: z.string().optional(),
  Description: z.string().optional(),
  Details: z.string().optional(),
  DeliveredAt: z.string().optional(),
  BouncedAt: z.string().optional(),
  ReceivedAt: z.string().optional(),
  ChangedAt: z.string().optional(),
  OriginalLink: z.string().optional(),
  SuppressSending: z.boolean().optional(),
  SuppressionReason: z.string().nullish(),
});
type PostmarkEvent = z.infer<typeof event>;

/**
 * Postmark's webhooks. They carry no signature, so the URL is given to Postmark with a user and a password.
 * https://postmarkapp.com/developer/webhooks/webhooks-overview
 */
export const postmarkReceipts: ReceiptReader<Account> = {
  async read({ headers, body }, { webhookUser, webhookPassword }) {
    if (webhookUser === undefined || webhookPassword === undefined) {
      return { kind: "forged", reason: "the account has no webhookUser and webhookPassword to verify with" };
    }
    const expected = `Basic ${Buffer.from(`${webhookUser}:${webhookPassword}`).toString("base64")}`;
    if (!isSameText(headers.authorization ?? "", expected))
      return { kind: "forged", reason: "the credentials are wrong" };
    const told = event.safeParse(jsonOf(body)).data;
    if (!told) return { kind: "unreadable", reason: "not an event of Postmark" };
    const receipt = receiptOf(told);
    return { kind: "receipts", receipts: receipt ? [receipt] : [] };
  },
};

function receiptOf(told: PostmarkEvent): Receipt | null {
  const kind = kindOf(told);
  if (!kind) return null;
  const { RecordType, ID, MessageID, OriginalLink, Type, Description, Details, SuppressionReason } = told;
  const at = told.DeliveredAt ?? told.BouncedAt ?? told.ReceivedAt ?? told.ChangedAt;
  const address = told.Recipient ?? told.Email;
  const words = [Type, Details ?? Description, SuppressionReason].filter(Boolean).join(" ");
  return {
    // Postmark numbers bounces alone.
    eventId: [RecordType, ID ?? MessageID, ID === undefined && address, at, OriginalLink].filter(Boolean).join("/"),
    kind,
    providerMessageId: MessageID || null,
    address: address === undefined ? null : addressOf(address),
    at: momentOf(at),
    ...(words && { reason: words }),
    ...(OriginalLink && { url: OriginalLink }),
  };
}

/** Bounces after which Postmark sends no more to the address, https://postmarkapp.com/developer/api/bounce-api#bounce-types */
const hardBounces = new Set(["HardBounce", "BadEmailAddress", "ManuallyDeactivated"]);
/** Told about a bounce, but no word on whether the mail arrived, or still being tried. */
const noBounces = new Set([
  "AutoResponder",
  "AddressChange",
  "Subscribe",
  "ChallengeVerification",
  "Transient",
  "DnsError",
  "OpenRelayTest",
]);

function kindOf({ RecordType, Type = "", SuppressSending, SuppressionReason }: PostmarkEvent): Receipt["kind"] | null {
  switch (RecordType) {
    case "Delivery":
      return "delivered";
    case "Open":
      return "opened";
    case "Click":
      return "clicked";
    case "SpamComplaint":
      return "complained";
    case "SubscriptionChange":
      // A bounce or complaint that suppresses an address is told by a webhook of its own.
      if (SuppressSending === false) return "resubscribed";
      return SuppressionReason === "ManualSuppression" ? "unsubscribed" : null;
    case "Bounce":
      if (Type === "SpamComplaint") return "complained";
      if (Type === "Unsubscribe") return "unsubscribed";
      if (noBounces.has(Type)) return null;
      return hardBounces.has(Type) ? "bounced_hard" : "bounced_soft";
    default:
      return null;
  }
}
