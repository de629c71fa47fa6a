import { type Database, Prisma } from "@tidings/db/client";
import { idsBeginningLike } from "@tidings/shared/ids";

/** A delivery that is not settled, as the fair queue wants it. */
export interface QueuedDelivery {
  id: string;
  tenantId: string;
  channel: string;
  priority: number;
}

/** Queued and not waiting for another attempt, or claimed by somebody whose lease has run out. */
const maySend = Prisma.sql`(d.status = 'QUEUED' AND (d.next_attempt_at IS NULL OR d.next_attempt_at <= now()))
  OR (d.status = 'SENDING' AND d.lease_until <= now())`;
const isUnsettled = Prisma.sql`d.status IN ('QUEUED', 'SENDING')`;

/**
 * Deliveries of these notifications that may be sent now, or `all` that are not settled. Each notification is one range of the primary key; OFFSET 0 keeps the planner from
 * turning the ranges into a join over everything the tenant has.
 */
export async function queuedDeliveries(
  database: Database,
  notifications: readonly { id: string; tenantId: string }[],
  { all = false } = {},
): Promise<QueuedDelivery[]> {
  const ranges = notifications.map(({ id }) => idsBeginningLike(id));
  return await database.direct.$queryRaw<QueuedDelivery[]>`
    SELECT d.id, d.tenant_id AS "tenantId", d.channel, d.priority
    FROM unnest(
      ${notifications.map(({ tenantId }) => tenantId)}::uuid[],
      ${ranges.map(({ first }) => first)}::uuid[],
      ${ranges.map(({ last }) => last)}::uuid[]) AS given (tenant_id, first, last)
    CROSS JOIN LATERAL (
      SELECT * FROM delivery
      WHERE id BETWEEN given.first AND given.last AND tenant_id = given.tenant_id
      OFFSET 0
    ) AS d
    WHERE ${all ? isUnsettled : maySend}`;
}
