import type { Database } from "@tidings/db/client";
import type { Role } from "@tidings/shared/roles";
import { findMember } from "./find-member";
import { lockTeam } from "./lock-team";
import { requireAnotherOwner } from "./require-another-owner";

/**
 * Gives a member another role.
 * @param id the member's uuid
 * @param check told of the role the member has, with the team locked; throws when the caller may not change it
 * @returns the role before
 * @throws {Refusal} `not_found`; `conflict` for the last owner
 */
export async function changeRole(
  database: Database,
  tenantId: string,
  id: string,
  role: Role,
  check: (before: Role) => void = () => {},
): Promise<{ email: string; before: Role }> {
  return database.$transaction(async (transaction) => {
    await lockTeam(transaction, tenantId);
    const member = await findMember(transaction, tenantId, id);
    check(member.role);
    if (member.role === "owner" && role !== "owner") await requireAnotherOwner(transaction, tenantId, id);
    await transaction.member.updateMany({ where: { tenantId, id }, data: { role } });
    return { email: member.email, before: member.role };
  });
}
