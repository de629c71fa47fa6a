import type { Transaction } from "@tidings/db/client";
import type { FencedNotification } from "./fence-notifications";
import type { Plan } from "./plan-deliveries";

export interface PlannedNotification {
  notification: FencedNotification;
  plan: Plan;
}

/**
 * Writes the planned deliveries, counts them as accepted from the rows that were really written, and settles the
 * notifications that reach nobody as FAILED with the reason.
 */
export async function insertDeliveries(
  transaction: Transaction,
  planned: readonly PlannedNotification[],
): Promise<void> {
  const rows = planned.flatMap(({ notification, plan }) =>
    plan.deliveries.map((delivery) => ({ ...delivery, notification, siblings: plan.deliveries.length })),
  );
  if (rows.length > 0) {
    await transaction.$executeRaw`
      WITH given AS (
        SELECT * FROM unnest(
          ${rows.map((row) => row.id)}::uuid[],
          ${rows.map((row) => row.notification.tenantId)}::uuid[],
          ${rows.map((row) => row.notification.mode)}::text[],
          ${rows.map((row) => row.notification.id)}::uuid[],
          ${rows.map((row) => row.channel)}::text[],
          ${rows.map((row) => row.address)}::text[],
          ${rows.map((row) => row.notification.recipientId)}::text[],
          ${rows.map((row) => row.notification.priority)}::smallint[],
          ${rows.map((row) => row.siblings)}::smallint[],
          ${rows.map((row) => row.notification.category ?? "")}::text[]
        ) AS t (id, tenant_id, mode, notification_id, channel, address, recipient_id, priority, siblings, category)
      ),
      written AS (
        INSERT INTO delivery (
          id, tenant_id, mode, notification_id, channel, address, recipient_id, status, priority, siblings, created_at)
        SELECT id, tenant_id, mode, notification_id, channel, address, recipient_id, 'QUEUED', priority, siblings,
          clock_timestamp()
        FROM given
        ON CONFLICT DO NOTHING
        RETURNING id
      )
      INSERT INTO usage (tenant_id, day, mode, channel, provider, category, accepted)
      SELECT tenant_id, (now() AT TIME ZONE 'UTC')::date, mode, channel, '', category, count(*)
      FROM given JOIN written USING (id)
      GROUP BY tenant_id, mode, channel, category
      ORDER BY tenant_id, mode, channel, category
      ON CONFLICT (tenant_id, day, mode, channel, provider, category)
      DO UPDATE SET accepted = usage.accepted + excluded.accepted`;
  }
  const unreachable = planned.flatMap(({ notification: { id, tenantId }, plan }) =>
    "reason" in plan ? [{ id, tenantId, reason: plan.reason }] : [],
  );
  if (unreachable.length > 0) {
    await transaction.$executeRaw`
      UPDATE notification AS n
      SET status = 'FAILED', reason = given.reason, settled_at = clock_timestamp()
      FROM unnest(
        ${unreachable.map((row) => row.id)}::uuid[],
        ${unreachable.map((row) => row.tenantId)}::uuid[],
        ${unreachable.map((row) => row.reason)}::text[]) AS given (id, tenant_id, reason)
      WHERE n.id = given.id AND n.tenant_id = given.tenant_id AND n.id = ANY(${unreachable.map((row) => row.id)}::uuid[])`;
  }
}
