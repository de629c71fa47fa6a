import type { Database } from "@tidings/db/client";
import type { Role } from "@tidings/shared/roles";
import { hashToken } from "./invite-member";

/** What the holder of an invitation's link may know. */
export interface OpenInvitation {
  email: string;
  role: Role;
  tenant: string;
  slug: string;
  invitedBy: string;
}

/** The invitation a link is about; null when there is none, or it was answered, taken back or is too old. */
export async function findInvitation(database: Database, token: string): Promise<OpenInvitation | null> {
  const invitation = await database.invitation.findFirst({
    where: { tokenHash: hashToken(token), status: "pending", expiresAt: { gt: new Date() } },
    include: { tenant: { select: { name: true, slug: true } }, inviter: { select: { name: true } } },
  });
  if (!invitation) return null;
  const { email, role, tenant, inviter } = invitation;
  return { email, role: role as Role, tenant: tenant.name, slug: tenant.slug, invitedBy: inviter.name };
}
