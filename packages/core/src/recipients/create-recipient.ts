import type { Database } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import { getRecipient } from "./get-recipient";
import type { RecipientRow } from "./present-recipient";
import { fieldsOf } from "./put-recipient";
import type { RecipientFacts } from "./recipient-schemas";

/**
 * Stores a recipient under an id that no other has.
 * @throws {Refusal} `conflict`, pointing to `/id`
 */
export async function createRecipient(
  database: Database,
  tenantId: string,
  id: string,
  facts: RecipientFacts,
): Promise<RecipientRow> {
  const data = [{ tenantId, id, ...fieldsOf(facts) }];
  const { count } = await database.recipient.createMany({ data, skipDuplicates: true });
  if (count === 0) {
    const faults = [{ pointer: "/id", message: "belongs to another recipient" }];
    throw new Refusal("conflict", "There is a recipient with this id already.", { faults });
  }
  return await getRecipient(database, tenantId, id);
}
