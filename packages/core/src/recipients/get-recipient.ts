import type { Database } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import { type RecipientRow, withDevices } from "./present-recipient";

/**
 * A stored recipient, by the tenant's own id.
 * @throws {Refusal} `not_found`
 */
export async function getRecipient(database: Database, tenantId: string, id: string): Promise<RecipientRow> {
  const row = await database.recipient.findUnique({
    where: { tenantId_id: { tenantId, id } },
    include: withDevices,
  });
  if (!row) throw new Refusal("not_found", "There is no stored recipient with this id.");
  return row;
}
