import { groupBy } from "@tidings/shared/group-by";
import type { Billing } from "./create-billing";
import { syncSubscription } from "./sync-subscription";

interface TakenEvent {
  id: string;
  customerId: string | null;
}

const pageSize = 200;

/**
 * Applies events of Stripe's that wait: for each customer they tell of, its subscription is read from Stripe anew. So their
 * order is of no matter, an event that comes twice changes nothing, and an older one undoes nothing. What fails, as while Stripe
 * is away, is tried again after half a minute, then seldomer, at last every ten minutes.
 * @returns how many were applied
 */
export async function applyStripeEvents(billing: Billing): Promise<number> {
  const { database, logger } = billing;
  const taken = await database.$queryRaw<TakenEvent[]>`
    UPDATE stripe_event SET attempts = least(attempts + 1, 1000),
      due_at = now() + least(interval '30 seconds' * 2 ^ least(attempts, 10), interval '10 minutes')
    WHERE id IN (SELECT id FROM stripe_event WHERE due_at <= now() ORDER BY due_at LIMIT ${pageSize} FOR UPDATE SKIP LOCKED)
    RETURNING id, customer_id AS "customerId"`;
  let applied = 0;
  for (const [customerId, events] of groupBy(taken, (event) => event.customerId)) {
    const ids = events.map(({ id }) => id);
    try {
      // Of customers that are no tenant's, as when the account sells other things too, there is nothing to apply.
      const where = { customerId: customerId ?? "" };
      const row = await database.subscription.findUnique({ where, select: { tenantId: true } });
      if (row) await syncSubscription(billing, row.tenantId);
      await database.stripeEvent.updateMany({
        where: { id: { in: ids } },
        data: { dueAt: null, appliedAt: new Date() },
      });
      applied += ids.length;
    } catch (err) {
      logger.warn({ err, events: ids.length }, "events of Stripe could not be applied; trying again");
    }
  }
  return applied;
}

/** Forgets applied events after 30 days, ten times as long as Stripe sends them again, and reports of usage after 100. */
export async function keepBilling({ database }: Pick<Billing, "database">): Promise<void> {
  await database.$executeRaw`
    DELETE FROM stripe_event WHERE due_at IS NULL AND received_at < now() - interval '30 days'`;
  await database.$executeRaw`
    DELETE FROM metered_usage WHERE settled_at IS NOT NULL AND day < current_date - 100`;
}
