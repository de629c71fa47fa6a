import { z } from "zod";
import type { Receipt, ReceiptReader, ReceiptRequest } from "../receipt";
import { addressOf } from "./mailbox-parts";
import { jsonOf, momentOf } from "./receipt-body";

interface Account {
  webhookSecret?: string | undefined;
}

const event = z.object({
  type: z.string(),
  created_at: z.string(),
  data: z.object({
    email_id: z.string().optional(),
    to: z.array(z.string()).optional(),
    bounce: z
      .object({ type: z.string().optional(), subType: z.string().optional(), message: z.string().optional() })
      .optional(),
    suppressed: z.object({ type: z.string().optional(), message: z.string().optional() }).optional(),
    failed: z.object({ reason: z.string().optional() }).optional(),
    click: z.object({ link: z.string().optional() }).optional(),
  }),
});
type ResendEvent = z.infer<typeof event>;

/** Resend's webhooks, which are Standard Webhooks under Svix's header names. https://resend.com/docs/webhooks/event-types */
export const resendReceipts: ReceiptReader<Account> = {
  async read(request, { webhookSecret }) {
    if (webhookSecret === undefined)
      return { kind: "forged", reason: "the account has no webhookSecret to verify with" };
    const reason = await forgeryOf(request, webhookSecret);
    if (reason) return { kind: "forged", reason };
    const body = jsonOf(request.body);
    if (typeof body !== "object" || body === null) return { kind: "unreadable", reason: "not an event of Resend" };
    const told = event.safeParse(body).data;
    const fact = told && factOf(told);
    if (!told || !fact) return { kind: "receipts", receipts: [] };
    const [to] = told.data.to ?? [];
    const receipt: Receipt = {
      ...fact,
      eventId: request.headers["svix-id"] ?? "",
      providerMessageId: told.data.email_id ?? null,
      address: to === undefined ? null : addressOf(to),
      at: momentOf(told.created_at),
    };
    return { kind: "receipts", receipts: [receipt] };
  },
};

async function forgeryOf({ headers, body }: ReceiptRequest, secret: string): Promise<string | null> {
  const { Webhook } = await import("standardwebhooks");
  const signed = {
    "webhook-id": headers["svix-id"] ?? "",
    "webhook-timestamp": headers["svix-timestamp"] ?? "",
    "webhook-signature": headers["svix-signature"] ?? "",
  };
  try {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    new Webhook(secret).verify(bytes, signed, { jsonParse: false });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

type Fact = Pick<Receipt, "kind" | "reason" | "url">;

/** `email.delivery_delayed` is left out: Resend goes on trying. */
function factOf({ type, data: { bounce, suppressed, failed, click } }: ResendEvent): Fact | null {
  switch (type) {
    case "email.delivered":
      return { kind: "delivered" };
    case "email.bounced":
      return {
        kind: bounce?.type === "Transient" || bounce?.type === "Undetermined" ? "bounced_soft" : "bounced_hard",
        ...reasonOf(bounce?.type, bounce?.subType, bounce?.message),
      };
    case "email.suppressed":
      return { kind: "bounced_hard", ...reasonOf(suppressed?.type, suppressed?.message) };
    case "email.failed":
      return { kind: "bounced_soft", ...reasonOf(failed?.reason) };
    case "email.complained":
      return { kind: "complained" };
    case "email.opened":
      return { kind: "opened" };
    case "email.clicked":
      return { kind: "clicked", ...(click?.link && { url: click.link }) };
    default:
      return null;
  }
}

function reasonOf(...words: (string | undefined)[]): { reason?: string } {
  const reason = words.filter(Boolean).join(" ");
  return reason === "" ? {} : { reason };
}
