import { type Database, Prisma, type Transaction } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import type { Metrics } from "@tidings/runtime/metrics";
import { planIds, plans } from "@tidings/shared/plans";
import { type DeletedNotifications, deleteNotifications, deleteReports } from "./delete-notifications";

export interface RetentionDeps {
  database: Database;
  logger: Logger;
  metrics: Metrics;
}

const dayMs = 24 * 60 * 60 * 1_000;
/** Notifications deleted in one transaction: a fraction of a second's locks, and no more than a vacuum keeps up with. */
const pageSize = 500;
/** Pages of one tenant in one run; the next run goes on. */
const maxPages = 400;

/**
 * Deletes what tenants have on plans that keep it shorter than the platform does: notifications that were settled before
 * their plan's retention, with deliveries, attempts, reports and dead letters, oldest first, in pages. What is not settled
 * stays, and so do inboxes and usage. Plans that keep everything are not looked at: their weeks are dropped whole, which
 * costs nothing. Two processes at it take turns by the page.
 */
export async function keepPlanRetention(deps: RetentionDeps, retentionDays: number): Promise<void> {
  for (const plan of planIds) {
    const days = plans[plan].retentionDays;
    if (days === null || days >= retentionDays) continue;
    const before = new Date(Date.now() - days * dayMs);
    const tenants = await deps.database.tenant.findMany({
      where: { plan },
      select: { id: true },
      orderBy: { id: "asc" },
    });
    for (const { id: tenantId } of tenants) {
      const deleted = await deleteOld(deps, tenantId, before);
      if (Object.values(deleted).some((count) => count > 0)) {
        deps.logger.info(
          { tenantId, plan, retentionDays: days, ...deleted },
          "deleted what is older than the plan's retention",
        );
      }
    }
  }
}

async function deleteOld(
  { database, metrics }: RetentionDeps,
  tenantId: string,
  before: Date,
): Promise<DeletedNotifications> {
  const total: DeletedNotifications = { notification: 0, delivery: 0, attempt: 0, report: 0 };
  for (let page = 0; page < maxPages; page += 1) {
    const deleted = await database.$transaction(
      async (transaction) => {
        if (!(await isAlone(transaction))) return null;
        return await deletePage(transaction, tenantId, before);
      },
      { timeout: 30_000, maxWait: 10_000 },
    );
    if (!deleted) break; // another process is at it
    for (const table of Object.keys(total) as (keyof DeletedNotifications)[]) {
      total[table] += deleted[table];
      metrics.retentionDeleted.inc({ table }, deleted[table]);
    }
    if (deleted.notification < pageSize && deleted.report < pageSize) break;
  }
  return total;
}

async function isAlone(transaction: Transaction): Promise<boolean> {
  const [row] = await transaction.$queryRaw<[{ locked: boolean }]>`
    SELECT pg_try_advisory_xact_lock(hashtext('tidings.plan_retention')) AS locked`;
  return row.locked;
}

async function deletePage(transaction: Transaction, tenantId: string, before: Date): Promise<DeletedNotifications> {
  const old = await transaction.$queryRaw<{ id: string }[]>`
    SELECT id FROM notification
    WHERE tenant_id = ${tenantId}::uuid AND id < uuid_at(${before}) AND coalesce(settled_at, created_at) < ${before}
      AND status NOT IN ('SCHEDULED', 'PENDING', 'PROCESSING')
    ORDER BY id LIMIT ${pageSize}`;
  const ids = old.map(({ id }) => id);
  const ofNotifications = await deleteNotifications(transaction, tenantId, ids);
  const alone = Prisma.sql`tenant_id = ${tenantId}::uuid AND notification_id IS NULL AND id < uuid_at(${before})`;
  return { ...ofNotifications, report: ofNotifications.report + (await deleteReports(transaction, alone)) };
}
