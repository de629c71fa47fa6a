import type { Database } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { unpaidPlan } from "@tidings/shared/plans";
import { Refusal } from "@tidings/shared/refusals";
import type { Role } from "@tidings/shared/roles";
import { hashToken } from "./invite-member";
import { lockTeam } from "./lock-team";
import { requireRoomToOwn } from "./require-room-to-own";

/**
 * Joins the team that invited somebody. The link came by mail, so it also shows that the address is theirs.
 * @throws {Refusal} `not_found` for a link that no longer works, `conflict` when it was meant for another address, and that of
 * {@link requireRoomToOwn} when it makes the owner of a tenant on `unpaidPlan`
 */
export async function acceptInvitation(
  database: Database,
  token: string,
  user: { id: string; email: string },
): Promise<{ tenantId: string; slug: string; role: Role }> {
  return database.$transaction(async (transaction) => {
    const invitation = await transaction.invitation.findFirst({
      where: { tokenHash: hashToken(token), status: "pending", expiresAt: { gt: new Date() } },
      include: { tenant: { select: { slug: true } } },
    });
    if (!invitation) throw new Refusal("not_found", "The invitation was answered, taken back, or is too old.");
    if (invitation.email !== user.email.toLowerCase())
      throw new Refusal("conflict", `The invitation is for ${invitation.email}: sign in with that address.`);
    const { id, tenantId, role } = invitation;
    const { plan } = await lockTeam(transaction, tenantId);
    if (role === "owner" && plan === unpaidPlan) await requireRoomToOwn(transaction, user.id);
    const accepted = await transaction.invitation.updateMany({
      where: { id, status: "pending" },
      data: { status: "accepted" },
    });
    if (accepted.count === 0) throw new Refusal("not_found", "The invitation was answered meanwhile.");
    await transaction.member.createMany({
      data: { id: newUuid(), tenantId, userId: user.id, role },
      skipDuplicates: true,
    });
    await transaction.user.update({ where: { id: user.id }, data: { emailVerified: true } });
    return { tenantId, slug: invitation.tenant.slug, role: role as Role };
  });
}
