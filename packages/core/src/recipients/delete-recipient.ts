import type { Database } from "@tidings/db/client";
import { modes } from "@tidings/shared/modes";
import { Refusal } from "@tidings/shared/refusals";

/**
 * Forgets a recipient: addresses, devices, data, and the inboxes of both modes. What was sent stays in the record.
 * @throws {Refusal} `not_found` when none is stored under the id
 */
export async function deleteRecipient(database: Database, tenantId: string, id: string): Promise<void> {
  const [{ deleted }] = await database.$queryRaw<[{ deleted: number }]>`
    WITH gone AS (
      DELETE FROM recipient WHERE tenant_id = ${tenantId}::uuid AND id = ${id} RETURNING id
    ),
    emptied AS (
      DELETE FROM inbox_item USING gone
      WHERE tenant_id = ${tenantId}::uuid AND mode = ANY(${modes}::text[]) AND recipient_id = gone.id
    )
    SELECT count(*)::int AS deleted FROM gone`;
  if (deleted === 0) throw new Refusal("not_found", "There is no stored recipient with this id.");
}
