import type { Database } from "@tidings/db/client";
import { idsBeginningLike } from "@tidings/shared/ids";

/** A delivery that is not settled, as the fair queue wants it. */
export interface QueuedDelivery {
  id: string;
  tenantId: string;
  channel: string;
  priority: number;
}

/** Deliveries of these notifications that still wait to be sent, or whose sender's lease has run out. */
export async function queuedDeliveries(
  database: Database,
  notifications: readonly { id: string; tenantId: string }[],
): Promise<QueuedDelivery[]> {
  const ranges = notifications.map(({ id }) => idsBeginningLike(id));
  return await database.$queryRaw<QueuedDelivery[]>`
    SELECT d.id, d.tenant_id AS "tenantId", d.channel, d.priority
    FROM unnest(
      ${notifications.map(({ tenantId }) => tenantId)}::uuid[],
      ${ranges.map(({ first }) => first)}::uuid[],
      ${ranges.map(({ last }) => last)}::uuid[]) AS given (tenant_id, first, last)
    JOIN delivery AS d ON d.id BETWEEN given.first AND given.last AND d.tenant_id = given.tenant_id
    WHERE d.status = 'QUEUED' OR (d.status = 'SENDING' AND d.lease_until <= now())`;
}
