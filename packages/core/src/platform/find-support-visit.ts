import type { Database } from "@tidings/db/client";
import type { Membership } from "../team/memberships-of";

/**
 * An operator's place in a tenant they visit: a viewer's, who may also read what messages said.
 * @returns null when no visit is under way, or the person is no operator any more
 */
export async function findSupportVisit(database: Database, userId: string, slug: string): Promise<Membership | null> {
  const visit = await database.supportVisit.findFirst({
    where: { userId, until: { gt: new Date() }, user: { operator: true }, tenant: { slug, erasedAt: null } },
    orderBy: { id: "desc" },
    include: { tenant: true },
  });
  if (!visit) return null;
  const { tenant, reason, until } = visit;
  const { id: tenantId, name, plan, requiresTwoFactor } = tenant;
  return { tenantId, name, slug, plan, role: "viewer", requiresTwoFactor, visit: { reason, until } };
}
