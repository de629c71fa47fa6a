import type { Statements } from "@tidings/db/client";
import type { PlannedNotification } from "../pipeline/insert-deliveries";
import type { PlannedDelivery } from "../pipeline/plan-deliveries";
import { type FoundSuppression, suppressedBecause, suppressionOf } from "./suppression-of";

/**
 * Planned notifications, those deliveries marked as skipped whose address must not be sent to.
 * @param suppressing tenants that have any suppression: for the others nothing is looked up
 */
export async function withholdSuppressed(
  transaction: Statements,
  planned: readonly PlannedNotification[],
  suppressing: ReadonlySet<string>,
): Promise<readonly PlannedNotification[]> {
  const targets = planned.flatMap(({ notification, plan }) =>
    suppressing.has(notification.tenantId) ? plan.deliveries.map((delivery) => ({ notification, delivery })) : [],
  );
  if (targets.length === 0) return planned;
  const found = await transaction.$queryRaw<(FoundSuppression & { id: string })[]>`
    SELECT v.id, found.reason, found.category, found.detail
    FROM unnest(
      ${targets.map(({ delivery }) => delivery.id)}::uuid[],
      ${targets.map(({ notification }) => notification.tenantId)}::uuid[],
      ${targets.map(({ delivery }) => delivery.channel)}::text[],
      ${targets.map(({ delivery }) => delivery.address)}::text[],
      ${targets.map(({ notification }) => notification.category ?? "")}::text[],
      ${targets.map(({ notification }) => notification.priority)}::int[]
    ) AS v (id, tenant_id, channel, address, category, priority)
    CROSS JOIN LATERAL ${suppressionOf} AS found`;
  if (found.length === 0) return planned;
  const reasons = new Map(found.map(({ id, ...suppression }) => [id, suppressedBecause(suppression)]));
  return planned.map(({ notification, plan }) => ({
    notification,
    plan: { ...plan, deliveries: plan.deliveries.map((one) => withReason(one, reasons.get(one.id))) },
  }));
}

function withReason(delivery: PlannedDelivery, skipped: string | undefined): PlannedDelivery {
  return skipped === undefined ? delivery : { ...delivery, skipped };
}
