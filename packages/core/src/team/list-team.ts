import type { Database } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import type { Role } from "@tidings/shared/roles";
import type { PublicInvitation, PublicMember } from "./team-schemas";

/** Most members shown; larger teams sign in through groups of their own. */
const most = 500;

/** A tenant's team, those who joined first at the head, and the invitations that wait. */
export async function listTeam(
  database: Database,
  tenantId: string,
): Promise<{ members: PublicMember[]; invitations: PublicInvitation[] }> {
  const [members, invitations] = await Promise.all([
    database.member.findMany({
      where: { tenantId },
      include: { user: true },
      orderBy: { createdAt: "asc" },
      take: most,
    }),
    database.invitation.findMany({
      where: { tenantId, status: "pending", expiresAt: { gt: new Date() } },
      include: { inviter: { select: { name: true } } },
      orderBy: { createdAt: "desc" },
      take: most,
    }),
  ]);
  return {
    members: members.map(({ id, user, role, createdAt }) => ({
      id: publicId("member", id),
      userId: publicId("user", user.id),
      name: user.name,
      email: user.email,
      role: role as Role,
      hasTwoFactor: user.twoFactorEnabled,
      joinedAt: createdAt.toISOString(),
    })),
    invitations: invitations.map(({ id, email, role, inviter, expiresAt }) => ({
      id: publicId("invitation", id),
      email,
      role: role as Role,
      invitedBy: inviter.name,
      expiresAt: expiresAt.toISOString(),
    })),
  };
}
