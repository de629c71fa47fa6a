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
    plan.deliveries.map(({ id, channel, address }) => ({
      id,
      tenantId: notification.tenantId,
      mode: notification.mode,
      notificationId: notification.id,
      channel,
      address,
      recipientId: notification.recipientId,
      priority: notification.priority,
      siblings: plan.deliveries.length,
      category: notification.category ?? "",
    })),
  );
  if (rows.length > 0) {
    await transaction.$executeRaw`
      WITH given AS (
        SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json) AS t (
          id uuid, "tenantId" uuid, mode text, "notificationId" uuid, channel text, address text, "recipientId" text,
          priority smallint, siblings smallint, category text)
      ),
      written AS (
        INSERT INTO delivery (
          id, tenant_id, mode, notification_id, channel, address, recipient_id, status, priority, siblings, created_at)
        SELECT id, "tenantId", mode, "notificationId", channel, address, "recipientId", 'QUEUED', priority, siblings,
          clock_timestamp()
        FROM given
        ON CONFLICT DO NOTHING
        RETURNING id
      )
      INSERT INTO usage (tenant_id, day, mode, channel, provider, category, accepted)
      SELECT "tenantId", (now() AT TIME ZONE 'UTC')::date, mode, channel, '', category, count(*)
      FROM given JOIN written USING (id)
      GROUP BY "tenantId", mode, channel, category
      ORDER BY "tenantId", mode, channel, category
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
