import type { Database, Transaction } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import type { Role } from "@tidings/shared/roles";

/**
 * A member of a tenant's team.
 * @param id the member's uuid
 * @throws {Refusal} `not_found`
 */
export async function findMember(
  database: Database | Transaction,
  tenantId: string,
  id: string,
): Promise<{ userId: string; email: string; role: Role }> {
  const member = await database.member.findFirst({ where: { tenantId, id }, include: { user: true } });
  if (!member) throw new Refusal("not_found", "There is no such member.");
  return { userId: member.userId, email: member.user.email, role: member.role as Role };
}
