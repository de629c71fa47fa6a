import { type Database, Prisma, type Transaction } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { deleteNotifications, deleteReports } from "../pipeline/delete-notifications";

export interface DeleteErasedDeps {
  database: Database;
  logger: Logger;
}

/** Notifications deleted in one transaction, as `keepPlanRetention` does. */
const pageSize = 500;
/** Rows of other tables deleted in one statement. */
const batchSize = 5_000;
/** Transactions for one tenant in one run, so that others have their turn; the next run goes on. */
const maxPages = 400;
/** By then nobody remembers a key of it, and what was with a provider when it was erased has an outcome. */
const settledAfterMs = 3 * 60_000;

/**
 * Tables that hold rows of a tenant and do not go with its own row, nor with its notifications. Those that would go with
 * its row may be large, and go in batches too.
 */
const tables = [
  ...["inbox_item", "receipt", "receipt_call", "sent_message", "idempotency_key", "schedule", "dead_letter", "usage"],
  ...["attachment", "recipient", "suppression", "template", "metered_usage", "audit_entry"],
];
/** Partitioned tables: what is left in them arrived late, with nothing to find it by. */
const partitioned = ["delivery", "attempt", "report", "report_attempt"];

/**
 * Deletes every row of tenants that were erased, notifications first, in pages; the tenant's own row goes last, minutes
 * after it was erased, so that what arrives late goes too. Safe to break off and to repeat; two processes take turns.
 * @returns how many tenants are gone for good
 */
export async function deleteErasedTenants(deps: DeleteErasedDeps, now = Date.now()): Promise<number> {
  const erased = await deps.database.tenant.findMany({
    where: { erasedAt: { not: null } },
    select: { id: true, erasedAt: true },
    orderBy: { erasedAt: "asc" },
  });
  let gone = 0;
  for (const { id, erasedAt } of erased) {
    if (!(await emptyTenant(deps.database, id))) continue;
    if (now < (erasedAt?.getTime() ?? now) + settledAfterMs) continue;
    if (!(await deleteRest(deps.database, id))) continue;
    deps.logger.info({ tenantId: id }, "deleted an erased tenant");
    gone += 1;
  }
  return gone;
}

/** @returns false when there is more to delete, or another process is at it */
async function emptyTenant(database: Database, tenantId: string): Promise<boolean> {
  for (let page = 0; page < maxPages; page += 1) {
    const deleted = await alone(database, (transaction) => deletePage(transaction, tenantId));
    if (deleted === null) return false;
    if (deleted === 0) return true;
  }
  return false;
}

async function deletePage(transaction: Transaction, tenantId: string): Promise<number> {
  const notifications = await transaction.$queryRaw<{ id: string }[]>`
    SELECT id FROM notification WHERE tenant_id = ${tenantId}::uuid ORDER BY id LIMIT ${pageSize}`;
  const ids = notifications.map(({ id }) => id);
  if (ids.length > 0) return (await deleteNotifications(transaction, tenantId, ids)).notification;
  const reports = await deleteReports(transaction, Prisma.sql`tenant_id = ${tenantId}::uuid`);
  if (reports > 0) return reports;
  for (const table of tables) {
    const name = Prisma.raw(table);
    const deleted = await transaction.$executeRaw`
      DELETE FROM ${name} WHERE ctid IN (SELECT ctid FROM ${name} WHERE tenant_id = ${tenantId}::uuid LIMIT ${batchSize})`;
    if (deleted > 0) return deleted;
  }
  return 0;
}

async function deleteRest(database: Database, tenantId: string): Promise<boolean> {
  const deleted = await alone(database, async (transaction) => {
    for (const table of partitioned) {
      await transaction.$executeRaw`DELETE FROM ${Prisma.raw(table)} WHERE tenant_id = ${tenantId}::uuid`;
    }
    return await transaction.$executeRaw`DELETE FROM tenant WHERE id = ${tenantId}::uuid AND erased_at IS NOT NULL`;
  });
  return deleted !== null;
}

/** Does something unless another process does the same just now: then null. */
function alone(database: Database, work: (transaction: Transaction) => Promise<number>): Promise<number | null> {
  return database.$transaction(
    async (transaction) => {
      const [row] = await transaction.$queryRaw<[{ locked: boolean }]>`
        SELECT pg_try_advisory_xact_lock(hashtext('tidings.tenant_erasure')) AS locked`;
      return row.locked ? await work(transaction) : null;
    },
    { timeout: 60_000, maxWait: 10_000 },
  );
}
