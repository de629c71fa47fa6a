import { Prisma, type Transaction } from "@tidings/db/client";
import { idsBeginningLike } from "@tidings/shared/ids";

/** How many rows were deleted, by table. */
export type DeletedNotifications = Record<"notification" | "delivery" | "attempt" | "report", number>;

/** Most reports deleted at once: 500 notifications have some ten events each, and a tenant few endpoints. */
const maxReports = 50_000;

/**
 * Deletes notifications of a tenant with their deliveries, attempts, reports, schedules and dead letters.
 * @param ids their uuids in ascending order, of at most some hundred
 */
export async function deleteNotifications(
  transaction: Transaction,
  tenantId: string,
  ids: readonly string[],
): Promise<DeletedNotifications> {
  const [oldest, newest] = [ids[0], ids.at(-1)];
  if (oldest === undefined || newest === undefined) return { notification: 0, delivery: 0, attempt: 0, report: 0 };
  // A span of ids lets Postgres leave out the partitions of other weeks.
  const span = { first: idsBeginningLike(oldest).first, last: idsBeginningLike(newest).last };
  const deliveries = await transaction.$queryRaw<{ id: string }[]>`
    DELETE FROM delivery
    WHERE tenant_id = ${tenantId}::uuid AND id BETWEEN ${span.first}::uuid AND ${span.last}::uuid
      AND notification_id = ANY(${ids}::uuid[])
    RETURNING id`;
  const attempt = await transaction.$executeRaw`
    DELETE FROM attempt
    WHERE tenant_id = ${tenantId}::uuid AND delivery_id BETWEEN ${span.first}::uuid AND ${span.last}::uuid
      AND delivery_id = ANY(${deliveries.map(({ id }) => id)}::uuid[])`;
  const report = await deleteReports(
    transaction,
    Prisma.sql`tenant_id = ${tenantId}::uuid AND notification_id = ANY(${ids}::uuid[])`,
  );
  await transaction.$executeRaw`
    DELETE FROM schedule WHERE tenant_id = ${tenantId}::uuid AND notification_id = ANY(${ids}::uuid[])`;
  await transaction.$executeRaw`
    DELETE FROM dead_letter WHERE tenant_id = ${tenantId}::uuid AND notification_id = ANY(${ids}::uuid[])`;
  const notification = await transaction.$executeRaw`
    DELETE FROM notification
    WHERE tenant_id = ${tenantId}::uuid AND id BETWEEN ${oldest}::uuid AND ${newest}::uuid AND id = ANY(${ids}::uuid[])`;
  return { notification, delivery: deliveries.length, attempt, report };
}

/** Deletes reports with their attempts, and what would have looked at them again; at most {@link maxReports}. */
export async function deleteReports(transaction: Transaction, concerned: Prisma.Sql): Promise<number> {
  const reports = await transaction.$queryRaw<{ id: string }[]>`
    DELETE FROM report WHERE id IN (SELECT id FROM report WHERE ${concerned} ORDER BY id LIMIT ${maxReports}) RETURNING id`;
  if (reports.length === 0) return 0;
  const ids = reports.map(({ id }) => id);
  await transaction.$executeRaw`DELETE FROM report_attempt WHERE report_id = ANY(${ids}::uuid[])`;
  await transaction.$executeRaw`DELETE FROM report_schedule WHERE report_id = ANY(${ids}::uuid[])`;
  return reports.length;
}
