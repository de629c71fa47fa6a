import type { Database } from "@tidings/db/client";
import type { Owner } from "../owner";
import { type Page, type PageRequest, pageOf } from "../page";
import type { DeadLetterRow } from "./present-dead-letter";

/** A page of a tenant's dead letters, newest first, those replayed among them. */
export async function listDeadLetters(
  database: Database,
  { tenantId, mode }: Owner,
  { limit, after }: PageRequest,
): Promise<Page<DeadLetterRow>> {
  const rows = await database.deadLetter.findMany({
    where: { tenantId, mode, ...(after !== undefined && { id: { lt: after } }) },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  return pageOf(rows as DeadLetterRow[], limit);
}
