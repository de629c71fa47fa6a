import type { Database } from "@tidings/db/client";
import { noAccount } from "./get-account";

/**
 * Removes a provider account with its credentials. What it has sent stays in the record; receipts of it are taken no more.
 * @param id UUID of its row
 * @throws {Refusal} `not_found`
 */
export async function deleteAccount(database: Database, tenantId: string, id: string): Promise<void> {
  const { count } = await database.providerAccount.deleteMany({ where: { tenantId, id } });
  if (count === 0) throw noAccount();
}
