import { channels } from "@tidings/channels/registry";
import type { Database } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import { localeSchema } from "@tidings/shared/text";
import { z } from "zod";
import type { AttachmentBook } from "../attachments/attachment-book";
import { channelSchema, recipientIdSchema } from "../notifications/notification-request";
import { type ReadRequestDeps, readRequest } from "../notifications/read-request";
import type { Accept, AcceptAnswer, AcceptContext } from "../pipeline/accept";
import type { QuotaMeter } from "../quotas/quota-meter";
import { previewTemplate } from "./preview-template";
import { templateContentSchema } from "./template-content";

/** What of a template to send where, to see it arrive. */
export const sendTestBody = z.strictObject({
  /** The draft as it is being written; the published version when absent. */
  draft: templateContentSchema.optional(),
  channel: channelSchema,
  /** A raw address of the channel, or a stored recipient's id. */
  to: z.union([
    z.strictObject({ address: z.string().trim().min(1, "must be given").max(4_096) }),
    z.strictObject({ recipientId: recipientIdSchema }),
  ]),
  locale: localeSchema.optional(),
  data: z.record(z.string(), z.unknown()).default({}),
});
export type SendTestBody = z.output<typeof sendTestBody>;

export interface SendTestDeps {
  database: Database;
  templates: ReadRequestDeps["templates"];
  attachments: Pick<AttachmentBook, "find">;
  accept: Pick<Accept, "accept">;
  quotas: QuotaMeter;
}

/**
 * Sends a template to one address through the pipeline, in the mode of the context. A published version goes out like any
 * message; a draft is rendered here and goes out as direct content, since drafts are never what a message uses.
 * @throws {Refusal} not_found, template_invalid, missing_variable; and as accept does
 */
export async function sendTest(
  deps: SendTestDeps,
  context: AcceptContext & { plan: string },
  key: string,
  { draft, channel, to, locale, data }: SendTestBody,
): Promise<AcceptAnswer> {
  const { tenantId } = context;
  const field = channels.get(channel)?.addressField.name ?? "id";
  const recipient = "recipientId" in to ? { id: to.recipientId } : { [field]: to.address };
  const wanted = locale === undefined ? {} : { locale };
  const spoken = draft ? { content: await rendered() } : { template: key, data, ...wanted };
  const readDeps = { templates: deps.templates, attachments: deps.attachments, nowMs: Date.now };
  const notification = await readRequest(readDeps, tenantId, { channel, recipient, ...spoken });
  await deps.quotas.take(context, notification);
  return await deps.accept.accept(context, notification);

  async function rendered(): Promise<unknown> {
    const person = "recipientId" in to ? await findPerson(deps.database, tenantId, to.recipientId) : {};
    const body = { draft, channels: [channel], data, recipient: person, ...wanted };
    const [preview] = (await previewTemplate(deps.database, tenantId, key, body)).data;
    if (preview?.content) return preview.content;
    const faults = (preview?.missingVariables ?? []).map((name) => ({
      pointer: `/data/${name.replaceAll(".", "/")}`,
      message: "is missing",
    }));
    throw new Refusal(faults.length > 0 ? "missing_variable" : "template_invalid", `${preview?.reason}.`, { faults });
  }
}

/** A stored recipient as a preview takes it; nothing is known of one that isn't stored. */
async function findPerson(database: Database, tenantId: string, id: string) {
  const row = await database.recipient.findUnique({
    where: { tenantId_id: { tenantId, id } },
    select: { locale: true, timeZone: true, data: true },
  });
  return {
    id,
    ...(row?.locale && { locale: row.locale }),
    ...(row?.timeZone && { timeZone: row.timeZone }),
    ...(row?.data && { data: row.data as Record<string, unknown> }),
  };
}
