import type { Database } from "@tidings/db/client";
import { unpaidPlan } from "@tidings/shared/plans";
import type { Role } from "@tidings/shared/roles";
import { findMember } from "./find-member";
import { lockTeam } from "./lock-team";
import { requireAnotherOwner } from "./require-another-owner";
import { requireRoomToOwn } from "./require-room-to-own";

/**
 * Gives a member another role.
 * @param id the member's uuid
 * @param check told of the role the member has, with the team locked; throws when the caller may not change it
 * @returns the role before
 * @throws {Refusal} `not_found`; `conflict` for the last owner, and that of {@link requireRoomToOwn} for a new one of a tenant on `unpaidPlan`
 */
export async function changeRole(
  database: Database,
  tenantId: string,
  id: string,
  role: Role,
  check: (before: Role) => void = () => {},
): Promise<{ email: string; before: Role }> {
  return database.$transaction(async (transaction) => {
    const { plan } = await lockTeam(transaction, tenantId);
    const member = await findMember(transaction, tenantId, id);
    check(member.role);
    if (member.role === "owner" && role !== "owner") await requireAnotherOwner(transaction, tenantId, id);
    if (member.role !== "owner" && role === "owner" && plan === unpaidPlan)
      await requireRoomToOwn(transaction, member.userId);
    await transaction.member.updateMany({ where: { tenantId, id }, data: { role } });
    return { email: member.email, before: member.role };
  });
}
