import { type Database, Prisma } from "@tidings/db/client";
import { firstUuidAt } from "@tidings/shared/ids";
import { type Page, type PageRequest, pageOf } from "../page";
import type { AuditFilters } from "./audit-schemas";

/** A page of a tenant's audit log, newest first. */
export async function listAudit(
  database: Database,
  tenantId: string,
  filters: AuditFilters,
  { limit, after }: PageRequest,
): Promise<Page<Prisma.AuditEntryModel>> {
  const { actor, actions = [], from, to, q } = filters;
  const conditions = [
    Prisma.sql`tenant_id = ${tenantId}::uuid`,
    ...(after !== undefined ? [Prisma.sql`id < ${after}::uuid`] : []),
    ...(from ? [Prisma.sql`id >= ${firstUuidAt(from.getTime())}::uuid`] : []),
    ...(to ? [Prisma.sql`id < ${firstUuidAt(to.getTime())}::uuid`] : []),
    ...(actor !== undefined ? [Prisma.sql`actor = ${actor}`] : []),
    ...(actions.length > 0 ? [Prisma.sql`action = ANY(${actions}::text[])`] : []),
    ...(q !== undefined ? [holding(q)] : []),
  ];
  const rows = await database.$queryRaw<Prisma.AuditEntryModel[]>`
    SELECT id, tenant_id AS "tenantId", user_id AS "userId", actor, action, target, before, after, ip_address AS "ipAddress",
      user_agent AS "userAgent", request_id AS "requestId", created_at AS "createdAt"
    FROM audit_entry WHERE ${Prisma.join(conditions, " AND ")}
    ORDER BY id DESC LIMIT ${limit + 1}`;
  return pageOf(rows, limit);
}

/** Entries that hold a text, whatever its case. */
function holding(text: string): Prisma.Sql {
  return Prisma.sql`position(${text.toLowerCase()} IN lower(
    concat_ws(' ', actor, action, target, ip_address, request_id, before::text, after::text))) > 0`;
}
