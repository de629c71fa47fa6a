import { type Database, Prisma } from "@tidings/db/client";
import { type Page, type PageRequest, pageOf } from "../page";
import { type RecipientRow, withDevices } from "./present-recipient";
import type { RecipientFilters } from "./recipient-schemas";

/** A page of a tenant's stored recipients, in the order of their ids. */
export async function listRecipients(
  database: Database,
  tenantId: string,
  { q }: RecipientFilters,
  { limit, after }: PageRequest,
): Promise<Page<RecipientRow>> {
  const ids = q === undefined ? undefined : await idsKnownAs(database, tenantId, q.trim(), { limit: limit + 1, after });
  const rows = await database.recipient.findMany({
    where: { tenantId, ...(ids ? { id: { in: ids } } : after !== undefined && { id: { gt: after } }) },
    orderBy: { id: "asc" },
    take: limit + 1,
    include: withDevices,
  });
  return pageOf(rows, limit);
}

/** Ids that begin so, and those of who has such an address or device. An index leads to each. */
async function idsKnownAs(
  database: Database,
  tenantId: string,
  text: string,
  { limit, after = "" }: PageRequest,
): Promise<string[]> {
  const tenant = Prisma.sql`tenant_id = ${tenantId}::uuid`;
  const rows = await database.$queryRaw<{ id: string }[]>`
    SELECT id FROM (
      (SELECT id FROM recipient WHERE ${tenant} AND id > ${after} AND id ^@ ${text} AND id >= ${text} ORDER BY id LIMIT ${limit})
      UNION
      (SELECT id FROM recipient
        WHERE lower_addresses(addresses) @> ARRAY[lower(${text})] AND ${tenant} AND id > ${after} ORDER BY id LIMIT ${limit})
      UNION
      (SELECT recipient_id FROM device WHERE ${tenant} AND token = ${text} AND recipient_id > ${after})
    ) AS known ORDER BY id LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}
