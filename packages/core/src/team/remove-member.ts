import type { Database } from "@tidings/db/client";
import type { Role } from "@tidings/shared/roles";
import { findMember } from "./find-member";
import { lockTeam } from "./lock-team";
import { requireAnotherOwner } from "./require-another-owner";

/**
 * Takes somebody out of a team: also how one leaves it.
 * @param id the member's uuid
 * @param check told of the role the member has, with the team locked; throws when the caller may not remove it
 * @throws {Refusal} `not_found`; `conflict` for the last owner
 */
export async function removeMember(
  database: Database,
  tenantId: string,
  id: string,
  check: (role: Role) => void = () => {},
): Promise<{ email: string; role: Role }> {
  return database.$transaction(async (transaction) => {
    await lockTeam(transaction, tenantId);
    const { email, role } = await findMember(transaction, tenantId, id);
    check(role);
    if (role === "owner") await requireAnotherOwner(transaction, tenantId, id);
    await transaction.member.deleteMany({ where: { tenantId, id } });
    return { email, role };
  });
}
