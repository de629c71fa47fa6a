import type { Statements } from "@tidings/db/client";
import type { Mode } from "@tidings/shared/modes";
import { spanOfIds } from "./span-of-ids";
import type { NotificationMessage } from "./topics";

/** What routing needs of a notification. */
export interface FencedNotification {
  id: string;
  tenantId: string;
  mode: Mode;
  priority: number;
  category: string | null;
  recipientId: string | null;
  addresses: Record<string, string>;
  channels: string[];
  requestId: string;
}

/** PENDING → PROCESSING, and reads them. Each notification is let through once, whoever else tries. */
export async function fenceNotifications(
  transaction: Statements,
  messages: readonly NotificationMessage[],
): Promise<FencedNotification[]> {
  const ids = messages.map((message) => message.id);
  const { first, last } = spanOfIds(ids);
  const [{ fenced }] = await transaction.$queryRaw<[{ fenced: FencedNotification[] }]>`
    WITH fenced AS (
      UPDATE notification AS n
      SET status = 'PROCESSING', processing_at = clock_timestamp()
      FROM unnest(${ids}::uuid[], ${messages.map((message) => message.tenantId)}::uuid[]) AS given (id, tenant_id)
      WHERE n.id = ANY(${ids}::uuid[]) AND n.id BETWEEN ${first}::uuid AND ${last}::uuid
        AND n.id = given.id AND n.tenant_id = given.tenant_id AND n.status = 'PENDING'
      RETURNING n.id, n.tenant_id AS "tenantId", n.mode, n.priority, n.category, n.recipient_id AS "recipientId",
        n.addresses, n.channels, n.request_id AS "requestId"
    )
    SELECT coalesce(json_agg(fenced), '[]') AS fenced FROM fenced`;
  return fenced;
}
