import type { Database } from "@tidings/db/client";
import { noAccount } from "./get-account";

/**
 * Sets the order in which accounts are tried. An account that serves several channels has the same place in each.
 * @param tiers UUIDs, the first to be tried first; those of one tier share by weight
 * @throws {Refusal} `not_found` for an id that is no account of the tenant; then nothing is changed
 */
export async function orderAccounts(
  database: Database,
  tenantId: string,
  tiers: readonly (readonly string[])[],
): Promise<void> {
  const places = tiers.flatMap((ids, rank) => ids.map((id) => ({ id, rank })));
  await database.$transaction(async (transaction) => {
    const moved = await transaction.$executeRaw`
      UPDATE provider_account AS p SET rank = t.rank, updated_at = now()
      FROM json_to_recordset(${JSON.stringify(places)}::json) AS t (id uuid, rank int)
      WHERE p.tenant_id = ${tenantId}::uuid AND p.id = t.id`;
    if (moved < places.length) throw noAccount();
  });
}
