import type { Statements } from "@tidings/db/client";
import type { FencedNotification } from "./fence-notifications";

export interface StoredRecipient {
  addresses: Record<string, string>;
  deviceTokens: string[];
}

/** The stored recipients of notifications, by tenant and id joined with a line break. */
export async function loadRecipients(
  transaction: Statements,
  notifications: readonly FencedNotification[],
): Promise<Map<string, StoredRecipient>> {
  const named = notifications.filter((notification) => notification.recipientId !== null);
  if (named.length === 0) return new Map();
  const found = await transaction.$queryRaw<(StoredRecipient & { tenantId: string; id: string })[]>`
    SELECT r.tenant_id AS "tenantId", r.id, r.addresses, coalesce(d.tokens, '{}') AS "deviceTokens"
    FROM (
      SELECT DISTINCT * FROM unnest(
        ${named.map((notification) => notification.tenantId)}::uuid[],
        ${named.map((notification) => notification.recipientId)}::text[]) AS given (tenant_id, id)
    ) AS given
    JOIN recipient AS r USING (tenant_id, id)
    LEFT JOIN LATERAL (
      SELECT array_agg(token ORDER BY id) AS tokens FROM device
      WHERE tenant_id = r.tenant_id AND recipient_id = r.id
    ) AS d ON true`;
  return new Map(found.map(({ tenantId, id, ...recipient }) => [`${tenantId}\n${id}`, recipient]));
}
