import type { Database } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import { countSmsSegments } from "@tidings/shared/sms-segments";
import { isErased } from "../people/erased-address";
import type { DeliverySource, RenderDelivery } from "../templates/render-delivery";

/** What a delivery says. */
export interface DeliveryContent {
  channel: string;
  address: string;
  /** In the shape of its channel; null when there is none to show. */
  content: Record<string, unknown> | null;
  /** Why there is no content. */
  reason: string | null;
  /** Of a text message. */
  sms: ReturnType<typeof countSmsSegments> | null;
  /** The template it is made from; null for direct content. */
  template: { key: string; version: number } | null;
  /** Whether its recipient's record was changed after it was sent: the template may have read something else then. */
  mayDiffer: boolean;
}

type Row = Omit<DeliverySource, "tenantId"> & {
  address: string;
  sentAt: Date | null;
  recipientUpdatedAt: Date | null;
  templateKey: string | null;
  requestId: string;
  reason: string | null;
};

/**
 * What was sent with a delivery, or would be: rendered as workers do it, from the pinned version, the notification's data and
 * the recipient as it is stored today. The links Tidings adds to a live email are left out: looking at it is no opening.
 * @param deliveryId UUID
 * @throws {Refusal} `not_found`
 */
export async function getDeliveryContent(
  { database, render }: { database: Database; render: RenderDelivery },
  tenantId: string,
  deliveryId: string,
): Promise<DeliveryContent> {
  const [row] = await database.$queryRaw<Row[]>`
    SELECT d.channel, d.address, d.sent_at AS "sentAt", n.content -> d.channel AS content, n.template_id AS "templateId",
      n.template_version AS "templateVersion", t.key AS "templateKey", n.data, n.locale, n.reason,
      n.request_id AS "requestId", d.recipient_id AS "recipientId", r.locale AS "recipientLocale",
      r.time_zone AS "timeZone", r.data AS "recipientData", r.updated_at AS "recipientUpdatedAt"
    FROM delivery AS d
    JOIN notification AS n ON n.id = d.notification_id AND n.tenant_id = d.tenant_id
    LEFT JOIN template AS t ON t.tenant_id = d.tenant_id AND t.id = n.template_id
    LEFT JOIN recipient AS r ON r.tenant_id = d.tenant_id AND r.id = d.recipient_id
    WHERE d.id = ${deliveryId}::uuid AND d.tenant_id = ${tenantId}::uuid`;
  if (!row) throw new Refusal("not_found", "There is no delivery with this id.");
  const { channel, address, templateKey, templateVersion: version, sentAt, recipientUpdatedAt } = row;
  const template = templateKey === null || version === null ? null : { key: templateKey, version };
  const told = { channel, address, template, mayDiffer: false, sms: null };
  if (isErased(row)) return { ...told, content: null, reason: "Its person was erased, and with them what it said." };
  const rendered = await render({ ...row, tenantId });
  if (!rendered.ok) return { ...told, content: null, reason: rendered.reason };
  const content = rendered.content as Record<string, unknown>;
  return {
    ...told,
    content,
    reason: null,
    sms: channel === "sms" && typeof content.text === "string" ? countSmsSegments(content.text) : null,
    mayDiffer: template !== null && sentAt !== null && recipientUpdatedAt !== null && recipientUpdatedAt > sentAt,
  };
}
