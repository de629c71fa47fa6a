import { Prisma, type Transaction } from "@tidings/db/client";
import { monthOf, plans, unpaidPlan } from "@tidings/shared/plans";
import { Refusal } from "@tidings/shared/refusals";

/**
 * Tenants without a paid plan that one person may own: each brings a month's allowance. Enough to keep a product, its
 * staging and some trials apart, too few to live on.
 */
export const maxUnpaidTenants = 5;

/**
 * Lets a person own one more tenant on `unpaidPlan`. Keeps others from giving them one until the transaction ends, so that
 * many at once are counted. Tenants they erased this month (UTC) count: their allowance may be spent.
 * @throws {Refusal} `conflict`
 */
export async function requireRoomToOwn(transaction: Transaction, userId: string): Promise<void> {
  await transaction.$queryRaw(Prisma.sql`SELECT 1 FROM "user" WHERE id = ${userId}::uuid FOR NO KEY UPDATE`);
  const owned = await transaction.member.count({ where: { userId, role: "owner", tenant: { plan: unpaidPlan } } });
  const monthStart = new Date(monthOf(Date.now()).startMs);
  const erased = await transaction.auditEntry.count({
    where: {
      ...{ userId, action: "tenant.erased", createdAt: { gte: monthStart } },
      before: { path: ["plan"], equals: unpaidPlan },
    },
  });
  if (owned + erased < maxUnpaidTenants) return;
  throw new Refusal(
    "conflict",
    `One person has at most ${maxUnpaidTenants} tenants on the plan ${plans[unpaidPlan].name}, those erased this month included. Change one to another plan, or let somebody else own it.`,
  );
}
