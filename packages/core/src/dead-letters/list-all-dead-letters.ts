import { type Database, Prisma } from "@tidings/db/client";
import { isStorable } from "@tidings/shared/text";
import { z } from "zod";
import { type Page, type PageRequest, pageOf } from "../page";
import { letterWaits, statusOfLetter } from "./status-of-letter";

const text = z.string().trim().max(200).refine(isStorable, "must be text that can be stored");

/** What the operator narrows dead letters down by. */
export const deadLetterFilters = z.object({
  /** Whose: a tenant's slug. */
  tenant: text.optional(),
  topic: text.optional(),
  /** Stands in the reason, whatever its case. */
  q: text.optional(),
  /** Those that need somebody, or those that were published again; all when absent, also what went on by itself. */
  state: z.enum(["waiting", "replayed"]).optional(),
});
export type DeadLetterFilters = z.output<typeof deadLetterFilters>;

/** A dead letter with whose it is; null for what could not even be read. */
export interface AnyDeadLetter extends Prisma.DeadLetterModel {
  tenant: { slug: string; name: string } | null;
  /** The status of its notification by now: only a PENDING one can be replayed. Null when there is none any more. */
  notificationStatus: string | null;
}

/** A page of dead letters of all tenants, newest first. */
export async function listAllDeadLetters(
  database: Database,
  filters: DeadLetterFilters,
  { limit, after }: PageRequest,
): Promise<Page<AnyDeadLetter>> {
  const found = await database.$queryRaw<{ id: string; status: string | null }[]>`
    SELECT d.id, ${statusOfLetter} AS status FROM dead_letter AS d
    WHERE ${Prisma.join(conditionsOf(filters, after), " AND ")} ORDER BY d.id DESC LIMIT ${limit + 1}`;
  const statusOf = new Map(found.map(({ id, status }) => [id, status]));
  const rows = await database.deadLetter.findMany({
    where: { id: { in: [...statusOf.keys()] } },
    orderBy: { id: "desc" },
  });
  const tenants = await database.tenant.findMany({
    where: { id: { in: [...new Set(rows.flatMap(({ tenantId }) => tenantId ?? []))] } },
    select: { id: true, slug: true, name: true },
  });
  const byId = new Map(tenants.map(({ id, slug, name }) => [id, { slug, name }]));
  return pageOf(
    rows.map((row) => ({
      ...row,
      tenant: byId.get(row.tenantId ?? "") ?? null,
      notificationStatus: statusOf.get(row.id) ?? null,
    })),
    limit,
  );
}

function conditionsOf({ tenant, topic, q, state }: DeadLetterFilters, after: string | undefined): Prisma.Sql[] {
  return [
    Prisma.sql`true`,
    ...(after === undefined ? [] : [Prisma.sql`d.id < ${after}::uuid`]),
    ...(tenant ? [Prisma.sql`d.tenant_id = (SELECT t.id FROM tenant AS t WHERE t.slug = ${tenant})`] : []),
    ...(topic ? [Prisma.sql`d.topic = ${topic}`] : []),
    ...(q ? [Prisma.sql`position(lower(${q}) IN lower(d.reason)) > 0`] : []),
    ...(state === "waiting" ? [letterWaits] : []),
    ...(state === "replayed" ? [Prisma.sql`d.replayed_at IS NOT NULL`] : []),
  ];
}
