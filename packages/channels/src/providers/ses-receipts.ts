import { z } from "zod";
import type { Receipt, ReceiptReader } from "../receipt";
import { addressOf } from "./mailbox-parts";
import { jsonOf, momentOf } from "./receipt-body";
import { readSnsMessage, type SnsTopic } from "./sns-message";

const recipients = z.array(
  z.object({ emailAddress: z.string(), diagnosticCode: z.string().optional(), status: z.string().optional() }),
);

const event = z.object({
  /** Of event publishing. */
  eventType: z.string().optional(),
  /** Of the older feedback notifications. */
  notificationType: z.string().optional(),
  mail: z.object({ messageId: z.string(), destination: z.array(z.string()).optional() }),
  bounce: z
    .object({
      bounceType: z.string(),
      bounceSubType: z.string().optional(),
      bouncedRecipients: recipients,
      timestamp: z.string().optional(),
    })
    .optional(),
  complaint: z
    .object({
      complainedRecipients: recipients,
      complaintFeedbackType: z.string().optional(),
      timestamp: z.string().optional(),
    })
    .optional(),
  delivery: z
    .object({
      recipients: z.array(z.string()),
      smtpResponse: z.string().optional(),
      timestamp: z.string().optional(),
    })
    .optional(),
  open: z.object({ timestamp: z.string().optional() }).optional(),
  click: z.object({ timestamp: z.string().optional(), link: z.string().optional() }).optional(),
  reject: z.object({ reason: z.string().optional() }).optional(),
});
type SesEvent = z.infer<typeof event>;

/**
 * Events that SES publishes to an SNS topic, of both forms. A delay is left out: SES goes on trying.
 * https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
 */
export const sesReceipts: ReceiptReader<SnsTopic> = {
  async read({ body }, account, context) {
    const message = await readSnsMessage(body, account, context);
    if (message.kind !== "notification") return message;
    const read = event.safeParse(jsonOf(message.text));
    if (!read.success) {
      // SES writes a sentence, not JSON, when a topic is first chosen for it.
      if (/^Successfully validated SNS topic/.test(message.text)) return { kind: "receipts", receipts: [] };
      return { kind: "unreadable", reason: "not an event of SES" };
    }
    const receipts = factsOf(read.data).map(({ timestamp, address, ...fact }, position) => ({
      ...fact,
      eventId: `${message.id}:${position}`,
      providerMessageId: read.data.mail.messageId,
      address: address === undefined ? null : addressOf(address),
      at: momentOf(timestamp ?? message.at),
    }));
    return { kind: "receipts", receipts };
  },
};

interface Fact extends Pick<Receipt, "kind" | "reason" | "url"> {
  address: string | undefined;
  timestamp: string | undefined;
}

function factsOf({ eventType, notificationType, mail, ...told }: SesEvent): Fact[] {
  const { bounce, complaint, delivery, open, click, reject } = told;
  const [only] = mail.destination ?? [];
  switch (eventType ?? notificationType) {
    case "Bounce":
      return (bounce?.bouncedRecipients ?? []).map(({ emailAddress, diagnosticCode, status }) => ({
        kind: bounce?.bounceType === "Permanent" ? "bounced_hard" : "bounced_soft",
        address: emailAddress,
        timestamp: bounce?.timestamp,
        reason: [bounce?.bounceType, bounce?.bounceSubType, diagnosticCode ?? status].filter(Boolean).join(" "),
      }));
    case "Complaint":
      return (complaint?.complainedRecipients ?? []).map(({ emailAddress }) => ({
        kind: "complained",
        address: emailAddress,
        timestamp: complaint?.timestamp,
        ...(complaint?.complaintFeedbackType && { reason: complaint.complaintFeedbackType }),
      }));
    case "Delivery":
      return (delivery?.recipients ?? []).map((address) => ({
        kind: "delivered",
        address,
        timestamp: delivery?.timestamp,
        ...(delivery?.smtpResponse && { reason: delivery.smtpResponse }),
      }));
    case "Open":
      return [{ kind: "opened", address: only, timestamp: open?.timestamp }];
    case "Click":
      return [{ kind: "clicked", address: only, timestamp: click?.timestamp, ...(click?.link && { url: click.link }) }];
    case "Reject":
      return [
        { kind: "bounced_soft", address: only, timestamp: undefined, reason: `Reject ${reject?.reason ?? ""}`.trim() },
      ];
    default:
      return [];
  }
}
