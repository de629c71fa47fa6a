import type { Statements } from "@tidings/db/client";
import type { FencedNotification } from "./fence-notifications";
import type { Plan } from "./plan-deliveries";

export interface PlannedNotification {
  notification: FencedNotification;
  plan: Plan;
}

/** How a notification ends that has nothing to send. */
export interface SettledAtOnce {
  id: string;
  tenantId: string;
  status: "FAILED" | "SKIPPED";
  reason: string;
}

/**
 * What routing alone makes of a notification: FAILED when it reaches nobody, SKIPPED when every delivery is, null when
 * there is something to send.
 */
export function settledAtOnce({ notification: { id, tenantId }, plan }: PlannedNotification): SettledAtOnce | null {
  if ("reason" in plan) return { id, tenantId, status: "FAILED", reason: plan.reason };
  const reasons = new Set<string>();
  for (const { skipped } of plan.deliveries) {
    if (skipped === undefined) return null;
    reasons.add(skipped);
  }
  return { id, tenantId, status: "SKIPPED", reason: [...reasons].join("; ").slice(0, maxReasonLength).toWellFormed() };
}

/** A person may have many devices. */
const maxReasonLength = 1_000;

/**
 * Writes the planned deliveries, counts them as accepted from the rows that were really written, and settles the
 * notifications that have nothing to send. The statements are on their way when it returns; the commit waits for them.
 */
export function insertDeliveries(transaction: Statements, planned: readonly PlannedNotification[]): void {
  const rows = planned.flatMap(({ notification, plan }) =>
    plan.deliveries.map(({ id, channel, address, skipped }) => ({
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
      skipped, // absent when undefined
    })),
  );
  if (rows.length > 0) {
    void transaction.$executeRaw`
      WITH given AS (
        SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json) AS t (
          id uuid, "tenantId" uuid, mode text, "notificationId" uuid, channel text, address text, "recipientId" text,
          priority smallint, siblings smallint, category text, skipped text)
      ),
      written AS (
        INSERT INTO delivery (
          id, tenant_id, mode, notification_id, channel, address, recipient_id, status, reason, priority, siblings, created_at,
          settled_at)
        SELECT id, "tenantId", mode, "notificationId", channel, address, "recipientId",
          CASE WHEN skipped IS NULL THEN 'QUEUED' ELSE 'SKIPPED' END, skipped, priority, siblings, clock_timestamp(),
          CASE WHEN skipped IS NOT NULL THEN clock_timestamp() END
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
  const settled = planned.flatMap((one) => settledAtOnce(one) ?? []);
  if (settled.length > 0) {
    void transaction.$executeRaw`
      UPDATE notification AS n
      SET status = given.status, reason = given.reason, settled_at = clock_timestamp()
      FROM unnest(
        ${settled.map((row) => row.id)}::uuid[],
        ${settled.map((row) => row.tenantId)}::uuid[],
        ${settled.map((row) => row.status)}::text[],
        ${settled.map((row) => row.reason)}::text[]) AS given (id, tenant_id, status, reason)
      WHERE n.id = given.id AND n.tenant_id = given.tenant_id AND n.id = ANY(${settled.map((row) => row.id)}::uuid[])`;
  }
}
