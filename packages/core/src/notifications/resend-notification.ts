import type { EmailRequest } from "@tidings/channels/channels/email";
import type { Database, Prisma } from "@tidings/db/client";
import { uuidOf } from "@tidings/shared/ids";
import { priorityOf } from "@tidings/shared/priorities";
import { Refusal } from "@tidings/shared/refusals";
import type { AttachmentBook } from "../attachments/attachment-book";
import { isErased } from "../people/erased-address";
import type { Accept, AcceptAnswer, AcceptContext } from "../pipeline/accept";
import type { QuotaMeter } from "../quotas/quota-meter";
import type { ReadyNotification } from "./read-request";

export interface ResendDeps {
  database: Database;
  accept: Pick<Accept, "accept">;
  quotas: QuotaMeter;
  attachments: Pick<AttachmentBook, "find">;
}

/**
 * Sends a notification again: a new one with the same content or version of the template, recipient and data, which names
 * the first. It is routed anew, so it goes where the recipient is reached today.
 * @param id UUID
 * @throws {Refusal} `not_found`; `conflict` while it is still on its way, or when what it said is gone; and as accept does
 */
export async function resendNotification(
  { database, accept, quotas, attachments }: ResendDeps,
  context: AcceptContext & { plan: string },
  id: string,
): Promise<AcceptAnswer> {
  const { tenantId, mode } = context;
  const row = await database.notification.findFirst({ where: { tenantId, mode, id } });
  if (!row) throw new Refusal("not_found", `There is no ${mode} notification with this id.`);
  if (row.settledAt === null)
    throw new Refusal("conflict", `The notification is ${row.status}: it is still on its way.`);
  if (isErased(row)) throw new Refusal("conflict", "Its person was erased: there is nothing left to send.");
  const notification = readyOf(row);
  await requireAttachments(attachments, tenantId, notification);
  await quotas.take(context, notification);
  return await accept.accept(context, notification);
}

function readyOf(row: Prisma.NotificationModel): ReadyNotification {
  const { templateId, templateVersion } = row;
  return {
    channels: row.channels,
    recipientId: row.recipientId,
    addresses: row.addresses as Record<string, string>,
    template: templateId === null || templateVersion === null ? null : { id: templateId, version: templateVersion },
    data: row.data as Record<string, unknown> | null,
    content: row.content as Record<string, unknown> | null,
    locale: row.locale,
    category: row.category,
    priority: priorityOf(row.priority),
    sendAt: null,
    resendOf: row.id,
  };
}

/** Uploads are kept for a while only. */
async function requireAttachments(
  book: ResendDeps["attachments"],
  tenantId: string,
  { content }: ReadyNotification,
): Promise<void> {
  for (const attachment of (content?.email as EmailRequest | undefined)?.attachments ?? []) {
    if (!("id" in attachment)) continue;
    const found = await book.find({ tenantId, id: uuidOf("attachment", attachment.id) as string });
    if (!found) throw new Refusal("conflict", `Its attachment ${attachment.filename ?? attachment.id} is gone.`);
  }
}
