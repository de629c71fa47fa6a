import type { Database, Prisma } from "@tidings/db/client";
import { planIds } from "@tidings/shared/plans";
import { isStorable } from "@tidings/shared/text";
import { z } from "zod";
import { type Page, type PageRequest, pageOf } from "../page";

/** What the operator looks for tenants by. */
export const tenantFilters = z.object({
  /** Stands in its name, its slug or the address its team is told at, whatever its case. */
  q: z.string().trim().max(200).refine(isStorable, "must be text that can be stored").optional(),
  plan: z.enum(planIds).optional(),
});
export type TenantFilters = z.output<typeof tenantFilters>;

/** A tenant with what it did over the last 30 days, in live mode. */
export interface TenantWithVolume extends Prisma.TenantModel {
  volume: { accepted: number; sent: number; failed: number };
}

const days = 30;
const dayMs = 86_400_000;

/** A page of tenants that are not erased, newest first. */
export async function searchTenants(
  database: Database,
  { q, plan }: TenantFilters,
  { limit, after }: PageRequest,
): Promise<Page<TenantWithVolume>> {
  const contains = q ? { contains: q, mode: "insensitive" as const } : undefined;
  const rows = await database.tenant.findMany({
    where: {
      erasedAt: null,
      ...(after !== undefined && { id: { lt: after } }),
      ...(plan && { plan }),
      ...(contains && { OR: [{ name: contains }, { slug: contains }, { contactEmail: contains }] }),
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const { rows: shown, hasMore } = pageOf(rows, limit);
  const volumes = await volumesOf(
    database,
    shown.map(({ id }) => id),
  );
  const none = { accepted: 0, sent: 0, failed: 0 };
  return { rows: shown.map((row) => ({ ...row, volume: volumes.get(row.id) ?? none })), hasMore };
}

/** What tenants did over the last 30 days, in live mode; those that did nothing are not in it. */
export async function volumesOf(
  database: Database,
  tenantIds: readonly string[],
): Promise<Map<string, TenantWithVolume["volume"]>> {
  const sums = await database.usage.groupBy({
    by: ["tenantId"],
    where: { tenantId: { in: [...tenantIds] }, mode: "live", day: { gt: new Date(Date.now() - days * dayMs) } },
    _sum: { accepted: true, sent: true, failed: true },
  });
  return new Map(
    sums.map(({ tenantId, _sum: { accepted, sent, failed } }) => [
      tenantId,
      { accepted: Number(accepted ?? 0), sent: Number(sent ?? 0), failed: Number(failed ?? 0) },
    ]),
  );
}
