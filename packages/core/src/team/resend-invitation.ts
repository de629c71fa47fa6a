import { Refusal } from "@tidings/shared/refusals";
import type { Role } from "@tidings/shared/roles";
import { type InviteDeps, inviteMember } from "./invite-member";

/**
 * Writes to somebody who was invited once more, with a new link and seven new days; the link before no longer works.
 * @param id the invitation's uuid
 * @param check told of the role it offers; throws when the caller may not offer it
 * @throws {Refusal} `not_found` also when it was answered or taken back, and those of {@link inviteMember}
 */
export async function resendInvitation(
  deps: InviteDeps,
  tenantId: string,
  id: string,
  inviter: { id: string; name: string },
  check: (role: Role) => void = () => {},
): Promise<{ id: string; email: string; role: Role }> {
  const invitation = await deps.database.invitation.findFirst({ where: { tenantId, id, status: "pending" } });
  if (!invitation) throw new Refusal("not_found", "There is no such invitation that waits.");
  const { email, role } = { email: invitation.email, role: invitation.role as Role };
  check(role);
  return { id: await inviteMember(deps, tenantId, { email, role }, inviter), email, role };
}
