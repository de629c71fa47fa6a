import type { Transaction } from "@tidings/db/client";
import { bounceKinds, type DeliveryMove } from "./plan-receipts";

/**
 * Moves deliveries as their receipts say, and counts usage by the same keys and from the same rows as report does: as sent
 * too where our own SENT was overtaken. Whoever calls it holds their row locks.
 */
export async function moveReceiptDeliveries(transaction: Transaction, moves: readonly DeliveryMove[]): Promise<void> {
  const rows = moves.map(({ delivery, to, receipt, isNewlySent }) => ({
    id: delivery.id,
    tenant_id: delivery.tenantId,
    category: delivery.category ?? "",
    status: to,
    reason: receipt.reason,
    bounce: bounceKinds[receipt.kind] ?? null,
    settled_at: receipt.at,
    is_newly_sent: isNewlySent,
    // What took the message when ours was overtaken; else what is known stays.
    provider: isNewlySent ? receipt.provider : (delivery.provider ?? receipt.provider),
    provider_message_id: isNewlySent
      ? receipt.providerMessageId
      : (delivery.providerMessageId ?? receipt.providerMessageId),
    sent_at: delivery.sentAt ?? receipt.sentAt ?? receipt.at,
    units: isNewlySent ? (receipt.units ?? 1) : null,
  }));
  await transaction.$executeRaw`
    WITH given AS (
      SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json) AS t (
        id uuid, tenant_id uuid, category text, status text, reason text, bounce text, settled_at timestamptz, is_newly_sent boolean,
        provider text, provider_message_id text, sent_at timestamptz, units int)
    ),
    moved AS (
      UPDATE delivery AS d
      SET status = g.status, reason = g.reason, bounce = g.bounce, lease_until = NULL, next_attempt_at = NULL,
        provider = g.provider, provider_message_id = g.provider_message_id, sent_at = g.sent_at,
        units = coalesce(g.units, d.units),
        settled_at = greatest(g.settled_at, g.sent_at) -- a provider's clock may be behind ours
      FROM given AS g
      WHERE d.id = ANY(${rows.map(({ id }) => id)}::uuid[]) AND d.id = g.id AND d.tenant_id = g.tenant_id
      RETURNING d.tenant_id, d.mode, d.channel, d.provider, g.category, d.status, d.units, g.is_newly_sent
    )
    INSERT INTO usage (tenant_id, day, mode, channel, provider, category, sent, delivered, units)
    SELECT tenant_id, (now() AT TIME ZONE 'UTC')::date, mode, channel, provider, category,
      count(*) FILTER (WHERE is_newly_sent), count(*) FILTER (WHERE status = 'DELIVERED'),
      coalesce(sum(units) FILTER (WHERE is_newly_sent), 0)
    FROM moved WHERE is_newly_sent OR status = 'DELIVERED'
    GROUP BY tenant_id, mode, channel, provider, category
    ORDER BY tenant_id, mode, channel, provider, category
    ON CONFLICT (tenant_id, day, mode, channel, provider, category)
    DO UPDATE SET sent = usage.sent + excluded.sent, delivered = usage.delivered + excluded.delivered,
      units = usage.units + excluded.units`;
}
