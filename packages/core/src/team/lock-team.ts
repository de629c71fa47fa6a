import { Prisma, type Transaction } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";

/**
 * Keeps everybody else from changing a tenant's team until the transaction ends: its rules (an owner stays, seats are not
 * overdrawn) are about all of its members.
 * @throws {Refusal} `not_found`
 */
export async function lockTeam(transaction: Transaction, tenantId: string): Promise<{ name: string; plan: string }> {
  const [tenant] = await transaction.$queryRaw<{ name: string; plan: string }[]>(
    Prisma.sql`SELECT name, plan FROM tenant WHERE id = ${tenantId}::uuid FOR NO KEY UPDATE`,
  );
  if (!tenant) throw new Refusal("not_found", "There is no such tenant.");
  return tenant;
}
