import type { Database } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import type { Owner } from "../owner";
import type { DeadLetterRow } from "./present-dead-letter";

/**
 * A dead letter of a tenant.
 * @param id UUID of its row
 * @throws {Refusal} `not_found` when the tenant has none with that id in that mode
 */
export async function getDeadLetter(database: Database, { tenantId, mode }: Owner, id: string): Promise<DeadLetterRow> {
  const row = await database.deadLetter.findFirst({ where: { tenantId, mode, id } });
  if (!row) throw new Refusal("not_found", `There is no ${mode} dead letter with this id.`);
  return row as DeadLetterRow;
}
