import type { Database } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import type { Role } from "@tidings/shared/roles";
import { removeMember } from "./remove-member";

/**
 * Takes a person out of the team of a tenant, by their own wish.
 * @param slug the tenant's
 * @throws {Refusal} `not_found` when they are not in it; `conflict` for the last owner
 */
export async function leaveTeam(
  database: Database,
  slug: string,
  userId: string,
): Promise<{ tenantId: string; role: Role }> {
  const member = await database.member.findFirst({ where: { userId, tenant: { slug } } });
  if (!member) throw new Refusal("not_found", "You are not in this team.");
  const { role } = await removeMember(database, member.tenantId, member.id);
  return { tenantId: member.tenantId, role };
}
