import type { Database, Prisma } from "@tidings/db/client";
import { isStorable } from "@tidings/shared/text";
import { z } from "zod";
import { type Page, type PageRequest, pageOf } from "../page";

const text = z.string().trim().max(200).refine(isStorable, "must be text that can be stored");

/** What the operator narrows dead letters down by. */
export const deadLetterFilters = z.object({
  /** Whose: a tenant's slug. */
  tenant: text.optional(),
  topic: text.optional(),
  /** Stands in the reason, whatever its case. */
  q: text.optional(),
  /** Those that wait, or those that were published again; both when absent. */
  state: z.enum(["waiting", "replayed"]).optional(),
});
export type DeadLetterFilters = z.output<typeof deadLetterFilters>;

/** A dead letter with whose it is; null for what could not even be read. */
export interface AnyDeadLetter extends Prisma.DeadLetterModel {
  tenant: { slug: string; name: string } | null;
}

/** A page of dead letters of all tenants, newest first. */
export async function listAllDeadLetters(
  database: Database,
  filters: DeadLetterFilters,
  { limit, after }: PageRequest,
): Promise<Page<AnyDeadLetter>> {
  const rows = await database.deadLetter.findMany({
    where: { AND: [await conditionsOf(database, filters), after === undefined ? {} : { id: { lt: after } }] },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const ids = [...new Set(rows.flatMap(({ tenantId }) => tenantId ?? []))];
  const tenants = await database.tenant.findMany({
    where: { id: { in: ids } },
    select: { id: true, slug: true, name: true },
  });
  const byId = new Map(tenants.map(({ id, slug, name }) => [id, { slug, name }]));
  return pageOf(
    rows.map((row) => ({ ...row, tenant: byId.get(row.tenantId ?? "") ?? null })),
    limit,
  );
}

async function conditionsOf(
  database: Database,
  { tenant: slug, topic, q, state }: DeadLetterFilters,
): Promise<Prisma.DeadLetterWhereInput> {
  const tenant = slug ? await database.tenant.findUnique({ where: { slug }, select: { id: true } }) : null;
  return {
    ...(slug && (tenant ? { tenantId: tenant.id } : { id: { in: [] } })),
    ...(topic && { topic }),
    ...(q && { reason: { contains: q, mode: "insensitive" } }),
    ...(state && { replayedAt: state === "waiting" ? null : { not: null } }),
  };
}
