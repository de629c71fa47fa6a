import type { Prisma, Transaction } from "@tidings/db/client";
import { planOf, plans, unpaidPlan } from "@tidings/shared/plans";
import { Refusal } from "@tidings/shared/refusals";
import { writeAudit } from "../audit/write-audit";
import type { Billing } from "./create-billing";
import { planSpans, skipSpans } from "./plan-spans";
import { factsOf, readSubscription, type SubscriptionFacts } from "./subscription-facts";

/** Many more than processes that could read one tenant's subscription at once. */
const maxReadings = 10;

/**
 * Brings a tenant up to what Stripe has: its plan, and what is shown of its subscription. It looks at how things are and never
 * at what an event says, so it may be run at any time, again, and by several at once: a reading that was overtaken by
 * another is not written but made anew.
 * @returns the tenant's row; null when it is no customer of Stripe's
 * @throws {Refusal} `unavailable` when others are always faster
 * @throws whatever Stripe's client does
 */
export async function syncSubscription(billing: Billing, tenantId: string): Promise<Prisma.SubscriptionModel | null> {
  const { stripe, logger } = billing;
  for (let reading = 0; reading < maxReadings; reading++) {
    const before = await billing.database.subscription.findUnique({ where: { tenantId } });
    if (!before) return null;
    const { current, surplus } = await readSubscription(stripe, before.customerId);
    const facts = factsOf(current);
    // Told before it is written: after a crash between the two it is told again, and the message's key lets one through.
    await tellTeam(billing, before, facts);
    const after = await write(billing, before, facts);
    if (!after) continue;
    if (surplus.length > 0) logger.error({ tenantId, surplus }, "a tenant pays for more than one subscription");
    if (after.plan !== before.plan) logger.info({ tenantId, plan: after.plan, status: after.status }, "plan bought");
    return after;
  }
  throw new Refusal("unavailable", "The subscription is being changed by others.", { retryAfterSeconds: 5 });
}

/** @returns null when another reading was written since `before` was read */
async function write(
  { database, now }: Billing,
  before: Prisma.SubscriptionModel,
  facts: SubscriptionFacts,
): Promise<Prisma.SubscriptionModel | null> {
  const { tenantId, revision, meteredChannels } = before;
  const since = facts.meteredChannels.length > 0 ? (before.meteredSince ?? new Date(now())) : null;
  const begun = facts.meteredChannels.filter((channel) => !meteredChannels.includes(channel));
  const ended = meteredChannels.filter((channel) => !facts.meteredChannels.includes(channel));
  return await database.$transaction(async (transaction) => {
    if (ended.length > 0) await planSpans(transaction, now(), tenantId);
    const [after] = await transaction.subscription.updateManyAndReturn({
      where: { tenantId, revision },
      data: { ...facts, meteredSince: since, revision: { increment: 1 } },
    });
    if (!after) return null;
    if (since && begun.length > 0) await skipSpans(transaction, tenantId, begun, since);
    if (facts.plan !== before.plan) await setPlan(transaction, before, facts.plan);
    return after;
  });
}

/**
 * Puts a tenant on what it bought, and says so in its audit log. What the operator has put it on stays when a
 * subscription ends that was to another plan.
 */
async function setPlan(
  transaction: Transaction,
  { tenantId, plan: old }: Prisma.SubscriptionModel,
  bought: string | null,
): Promise<void> {
  const [tenant] = await transaction.$queryRaw<{ plan: string }[]>`
    SELECT plan FROM tenant WHERE id = ${tenantId}::uuid FOR UPDATE`;
  if (!tenant) return;
  const plan = bought ?? (tenant.plan === old ? unpaidPlan : tenant.plan);
  if (plan === tenant.plan) return;
  await transaction.tenant.update({ where: { id: tenantId }, data: { plan } });
  await writeAudit(transaction, {
    ...{ tenantId, userId: null, actor: "Stripe", action: "plan.changed" },
    before: { plan: tenant.plan },
    after: { plan },
  });
}

async function tellTeam(
  { notifyTeam, consoleUrl, database }: Billing,
  before: Prisma.SubscriptionModel,
  facts: SubscriptionFacts,
): Promise<void> {
  const { tenantId } = before;
  const isNewlyLate = facts.status === "past_due" && before.pastDueSince?.getTime() !== facts.pastDueSince?.getTime();
  const hasEnded = before.plan !== null && facts.plan === null;
  if (!isNewlyLate && !hasEnded) return;
  const { slug } = await database.tenant.findUniqueOrThrow({ where: { id: tenantId }, select: { slug: true } });
  const page = `${consoleUrl}/${slug}/billing`;
  if (isNewlyLate) {
    const name = planOf(facts.plan ?? "").name;
    const again = facts.nextRetryAt ? `It is tried again on ${dayOf(facts.nextRetryAt)}. ` : "";
    await notifyTeam(tenantId, {
      key: `payment late ${facts.subscriptionId} ${facts.pastDueSince?.toISOString()} ${facts.nextRetryAt?.toISOString()}`,
      subject: "A payment did not go through",
      text: `The payment for the plan ${name} did not go through. ${again}Until then the plan stays as it is.\n\nPay the invoice, or change how you pay: ${page}`,
    });
  } else {
    await notifyTeam(tenantId, {
      key: `subscription ended ${before.subscriptionId}`,
      subject: "The subscription has ended",
      text: `The subscription to the plan ${planOf(before.plan ?? "").name} has ended, and the plan is now ${plans[unpaidPlan].name}, with its quotas and limits.\n\nSubscribe again: ${page}`,
    });
  }
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
