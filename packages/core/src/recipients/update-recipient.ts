import type { Database } from "@tidings/db/client";
import { getRecipient } from "./get-recipient";
import type { RecipientRow } from "./present-recipient";
import { fieldsOf } from "./put-recipient";
import type { RecipientFacts } from "./recipient-schemas";

/**
 * Replaces all that is known of a stored recipient but the devices, which apps may register meanwhile.
 * @throws {Refusal} `not_found`
 */
export async function updateRecipient(
  database: Database,
  tenantId: string,
  id: string,
  facts: RecipientFacts,
): Promise<RecipientRow> {
  await database.recipient.updateMany({ where: { tenantId, id }, data: fieldsOf(facts) });
  return await getRecipient(database, tenantId, id);
}
