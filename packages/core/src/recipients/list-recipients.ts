import type { Database } from "@tidings/db/client";
import { type Page, type PageRequest, pageOf } from "../page";
import { type RecipientRow, withDevices } from "./present-recipient";

/** A page of a tenant's stored recipients, in the order of their ids. */
export async function listRecipients(
  database: Database,
  tenantId: string,
  { limit, after }: PageRequest,
): Promise<Page<RecipientRow>> {
  const rows = await database.recipient.findMany({
    where: { tenantId, ...(after !== undefined && { id: { gt: after } }) },
    orderBy: { id: "asc" },
    take: limit + 1,
    include: withDevices,
  });
  return pageOf(rows, limit);
}
