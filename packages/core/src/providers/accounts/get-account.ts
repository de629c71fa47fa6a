import type { Database, Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";

/**
 * A provider account of a tenant.
 * @param id UUID of its row
 * @throws {Refusal} `not_found`
 */
export async function getAccount(
  database: Database,
  tenantId: string,
  id: string,
): Promise<Prisma.ProviderAccountModel> {
  const row = await database.providerAccount.findFirst({ where: { tenantId, id } });
  if (!row) throw noAccount();
  return row;
}

/** The refusal for an id that no account of the tenant has. */
export function noAccount(): Refusal {
  return new Refusal("not_found", "There is no such provider account.");
}
